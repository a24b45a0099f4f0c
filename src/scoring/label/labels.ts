import { type StepLabel, stepLabel, type TrialScore } from '../../schema/score.ts';
import type { ResolvedCall, ResolvedTrial } from '../trial/resolved-trial.ts';
import { noOpWrites, redundantReads } from './idle.ts';
import { loopsIn } from './loop.ts';
import { progressOf } from './progress.ts';

export interface Labels {
  /** Labels of each call, by its id. */
  ofCall: Map<string, StepLabel[]>;
  counts: Partial<Record<StepLabel, number>>;
  unscored: TrialScore['unscored'];
}

/** What each call was: an error, a repetition, idle. */
export function labelCalls(resolved: ResolvedTrial): Labels {
  const tried = resolved.calls.filter((call) => call.tried);
  const labels: Labels = { ofCall: new Map(), counts: {}, unscored: [] };
  const add = (name: StepLabel, calls: readonly ResolvedCall[], count = calls.length) => {
    labels.counts[name] = count;
    for (const { call } of calls)
      labels.ofCall.set(call.callId, inOrder([...(labels.ofCall.get(call.callId) ?? []), name]));
  };
  for (const [name, { calls, unscored }] of Object.entries({
    'no-op-write': noOpWrites(resolved),
    'redundant-read': redundantReads(resolved),
  } as const)) {
    add(name as StepLabel, calls);
    if (unscored !== undefined) labels.unscored.push({ detector: name, reason: unscored });
  }
  const loops = loopsIn(tried);
  add('loop', loops.calls, loops.count);
  add('error', resolved.calls.filter(failed));
  add('recovered', recovered(resolved, tried));
  add(
    'denied',
    resolved.calls.filter(({ call }) => call.returned?.source === 'policy'),
  );
  return labels;
}

/** Each label once, in the order of the schema. */
export function inOrder(labels: Iterable<StepLabel>): StepLabel[] {
  const given = new Set(labels);
  return stepLabel.options.filter((label) => given.has(label));
}

/** Whether a call failed because of the agent or the tool; denials and interruptions do not count. */
function failed({ call }: ResolvedCall): boolean {
  const { returned } = call;
  if (!returned?.isError || returned.source === 'policy') return false;
  return returned.errorClass !== 'denied' && returned.errorClass !== 'interrupted';
}

/** Within how many calls an error must be recovered from. */
const maxCalls = 3;

/** Errors after which, within the next calls, the same tool succeeds with other arguments or a milestone is reached. */
function recovered(resolved: ResolvedTrial, tried: readonly ResolvedCall[]): ResolvedCall[] {
  const fruitful = new Set(
    resolved
      .once(progressOf)
      .steps.filter(({ reached }) => reached.length > 0)
      .map(({ step }) => step.index),
  );
  return tried.filter((call, index) => {
    if (!failed(call)) return false;
    return tried.slice(index + 1, index + 1 + maxCalls).some((next) => {
      const otherwise = next.call.tool === call.call.tool && next.question !== call.question;
      return (otherwise && next.ok) || fruitful.has(next.step.index);
    });
  });
}
