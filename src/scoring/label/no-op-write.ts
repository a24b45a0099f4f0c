import { mutates, type ResolvedCall, type ResolvedTrial } from '../trial/resolved-trial.ts';
import { changedState } from '../trial/world.ts';
import { each, type LabelScorer } from './label-scorer.ts';

/**
 * A successful call meant to write that left the state as it was. Tools declared `exec` are left out, since a command
 * may well be a read, and so are calls that reach another party outside the state.
 */
export const noOpWriteScorer: LabelScorer = {
  name: 'no-op-write',
  score(resolved) {
    const writes = resolved.calls.filter((call) => call.ok && writesState(call));
    const unknown = writes.filter(({ step }) => changedState(resolved.trial, step) === undefined);
    const idle = writes.filter(({ step }) => changedState(resolved.trial, step) === false);
    return {
      part: each(idle.map(({ call }) => call.callId)),
      unscored: unknown.slice(0, 1).map(({ step }) => whyUnknown(resolved, step.index)),
    };
  },
};

function writesState(call: ResolvedCall): boolean {
  const { declared } = call;
  return (
    mutates(call) && declared !== undefined && declared.effect !== 'exec' && declared.scope !== 'external'
  );
}

/** Why it is not known whether a step changed the state. */
export function whyUnknown(resolved: ResolvedTrial, step: number): string {
  if (resolved.trial.started.environment.state === 'none') return 'the environment declares no state';
  return `step ${step}: the state is not known`;
}
