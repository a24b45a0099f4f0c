import type { TokenUsage } from '../schema/decision.ts';
import type { StepLabel, TrialScore, Unscored } from '../schema/score.ts';
import type { Trial } from '../schema/trial.ts';
import type { Labels } from './label/labels.ts';
import type { ResolvedTrial } from './trial/resolved-trial.ts';

type Efficiency = TrialScore['efficiency'];

/** What the trial used: steps, calls, tokens, cost and time; compared with the reference where the task was completed. */
export function efficiencyOf(
  resolved: ResolvedTrial,
  labels: Labels,
  success: boolean | Unscored,
): Efficiency {
  const { trial } = resolved;
  const calls = resolved.calls.filter(({ tried }) => tried).length;
  const counted = (label: StepLabel) => labels.counts[label] ?? 0;
  const judged = (label: StepLabel) => {
    const reason = labels.unscored.find(({ detector }) => detector === label)?.reason;
    return reason === undefined ? counted(label) : { unscored: reason };
  };
  const untold = untoldOf(trial);
  return {
    steps: trial.steps.length,
    calls,
    ...againstReference(trial, calls, success),
    errors: counted('error'),
    recovered: counted('recovered'),
    redundantReads: judged('redundant-read'),
    noopWrites: judged('no-op-write'),
    loops: counted('loop'),
    tokens: tokensOf(trial),
    ...(untold > 0 && { untold }),
    costUsd: costOf(trial, untold),
    ...timeOf(resolved),
  };
}

/** With N calls of the reference and T made: N/max(T, N) on successes, and S·N/max(T, N) over all. */
function againstReference(
  { started }: Trial,
  calls: number,
  success: boolean | Unscored,
): Pick<Efficiency, 'ratio' | 'spl'> {
  const reference = started.task.reference?.calls;
  if (typeof success !== 'boolean') return { ratio: success, spl: success };
  if (reference === undefined) {
    const none = { unscored: 'the task has no reference trajectory' };
    return { ratio: none, spl: none };
  }
  if (!success) return { ratio: { unscored: 'the task was not done' }, spl: 0 };
  const spl = reference === 0 ? 1 : reference / Math.max(calls, reference);
  return { ratio: calls === 0 ? { unscored: 'no call was made' } : spl, spl };
}

/** The total that the trial recorded at its end; of a trial that was cut off, the sum over its decisions. */
function tokensOf({ ended, steps }: Trial): TokenUsage {
  if (ended) return ended.usage;
  const usages = steps.flatMap(({ decision }) => decision.usage ?? []);
  const sum = (key: 'input' | 'output') => usages.reduce((total, usage) => total + usage[key], 0);
  return { input: sum('input'), output: sum('output') };
}

/** How many decisions of a model do not say how many tokens they took. Foreign logs may tell of the whole trial alone. */
function untoldOf({ steps, ended, started, tools }: Trial): number {
  const isForeign = started.task.tags.includes('imported');
  const own = steps.filter(
    ({ inherited, decision }) => !inherited && (isForeign || decision.model !== undefined),
  );
  const untold = own.filter(
    ({ decision: { usage, costUsd } }) => usage === undefined && costUsd === undefined,
  );
  const toldAtEnd = ended && ended.usage.input + ended.usage.output > 0 && untold.length === own.length;
  // Its last request was paid for, and no decision of it is left.
  const isUnkept = ended?.error?.code === 'limit-unkept' && tools.length > 0 && untold.length === 0;
  return isUnkept ? 1 : toldAtEnd ? 0 : untold.length;
}

function costOf({ ended, steps, started }: Trial, untold: number): number | Unscored {
  const model = started.agent.model ?? started.agent.id;
  if (untold > 0) return { unscored: `${model} does not say how many tokens it used` };
  const own = steps.filter(({ inherited, decision }) => !inherited && decision.usage);
  const unpriced = own.some(({ decision }) => decision.costUsd === undefined);
  const imported =
    ended !== undefined && ended.costUsd === undefined && ended.usage.input + ended.usage.output > 0;
  if (unpriced || imported) return { unscored: `no price is known for ${model}` };
  return ended?.costUsd ?? steps.reduce((sum, { decision }) => sum + (decision.costUsd ?? 0), 0);
}

function timeOf({ trial, calls }: ResolvedTrial): Pick<Efficiency, 'modelMs' | 'toolMs' | 'overheadMs'> {
  const modelMs = trial.steps.reduce((sum, { thoughtMs }) => sum + thoughtMs, 0);
  const toolMs = calls.reduce((sum, { call }) => sum + (call.returned?.durationMs ?? 0), 0);
  return { modelMs, toolMs, overheadMs: Math.max(0, spanMs(trial) - modelMs - toolMs) };
}

/** From the first decision being asked for to the end of the last finished step. */
function spanMs({ steps }: Trial): number {
  const [first] = steps;
  const end = steps.findLast(({ finishedAt }) => finishedAt !== undefined)?.finishedAt;
  if (!first || end === undefined) return 0;
  const begun = Date.parse(first.startedAt) - (first.asked ? 0 : first.thoughtMs);
  return Date.parse(end) - begun;
}
