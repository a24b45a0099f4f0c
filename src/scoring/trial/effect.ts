import { type StateKind, type Touched, touchedBy } from '../../record/place.ts';
import { canonicalJson } from '../../schema/canonical-json.ts';
import type { StateChange } from '../../schema/state.ts';
import type { Step } from '../../schema/trial.ts';
import { groupBy } from './group.ts';
import { type ResolvedCall, type ResolvedTrial, soleMutation } from './resolved-trial.ts';

/** Something that a step changed, and the call that did, where only one can have. */
export interface Effect extends Touched {
  step: Step;
  call: ResolvedCall | undefined;
}

export const stateKind = ({ trial }: ResolvedTrial): StateKind =>
  trial.started.environment.state === 'server' ? 'server' : 'files';

/** All that a trial changed, down to fields of records, in order; made once. */
export const effectsOf = (trial: ResolvedTrial): readonly Effect[] => trial.once(effects);

const byStep = (trial: ResolvedTrial) => groupBy(effectsOf(trial), ({ step }) => step);

/** What one step changed. */
export const effectsIn = (trial: ResolvedTrial, step: Step): readonly Effect[] =>
  trial.once(byStep).get(step) ?? [];

function effects(resolved: ResolvedTrial): Effect[] {
  const kind = stateKind(resolved);
  return resolved.trial.steps.flatMap((step) => {
    const changes = step.state?.changes ?? [];
    if (changes.length === 0) return [];
    const call = soleMutation(resolved, step.index);
    return changes.flatMap((change) => touchedBy(change, kind)).map((one) => ({ ...one, step, call }));
  });
}

/** What is otherwise at the end than it was before the first step. */
export function netEffectsOf(resolved: ResolvedTrial): Touched[] {
  const net = new Map<string, StateChange>();
  for (const { state } of resolved.trial.steps)
    for (const { path, before, after } of state?.changes ?? [])
      net.set(path, joined(path, net.get(path)?.before ?? (net.has(path) ? undefined : before), after));
  const kind = stateKind(resolved);
  return [...net.values()]
    .filter(({ before, after }) => canonicalJson(before ?? null) !== canonicalJson(after ?? null))
    .flatMap((change) => touchedBy(change, kind));
}

function joined(path: string, before: StateChange['before'], after: StateChange['after']): StateChange {
  const op = before === undefined ? 'created' : after === undefined ? 'deleted' : 'changed';
  return { path, op, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}
