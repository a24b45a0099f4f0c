import { mutates, type ResolvedCall, type ResolvedTrial } from '../trial/resolved-trial.ts';
import { changedState } from '../trial/world.ts';
import { each, type LabelScorer } from './label-scorer.ts';
import { whyUnknown } from './no-op-write.ts';

/**
 * A call that asked the same, got the same, and there was no change of state since. A call of a tool declared `exec`
 * counts as a read where its step changed nothing.
 */
export const redundantReadScorer: LabelScorer = {
  name: 'redundant-read',
  score(resolved) {
    const unknown = unknownBetween(resolved);
    if (unknown !== undefined) return { part: each([]), unscored: [whyUnknown(resolved, unknown)] };
    const versions = stateVersions(resolved);
    const seen = new Set<string>();
    const redundant = resolved.calls.filter((call, index) => {
      if (!call.ok || !reads(resolved, call)) return false;
      const sign = `${versions[index]} ${call.question} ${call.call.returned?.digest}`;
      const known = seen.has(sign);
      seen.add(sign);
      return known;
    });
    return { part: each(redundant.map(({ call }) => call.callId)), unscored: [] };
  },
};

function reads(resolved: ResolvedTrial, { declared, step }: ResolvedCall): boolean {
  if (declared?.effect === 'exec') return changedState(resolved.trial, step) === false;
  return declared?.effect === 'read';
}

/** Index of the first step whose resulting state is not known although later steps made calls. */
function unknownBetween(resolved: ResolvedTrial): number | undefined {
  const { trial, calls } = resolved;
  if (trial.started.environment.state === 'none' && calls.length > 0) return calls[0]?.step.index;
  const last = calls.findLast((call) => call.made)?.step.index ?? -1;
  return trial.steps.find((step) => step.index < last && changedState(trial, step) === undefined)?.index;
}

/** For each call, the number of state changes before it. */
function stateVersions(resolved: ResolvedTrial): number[] {
  let version = 0;
  return resolved.calls.map((call, index) => {
    const before = version;
    const changed = changedState(resolved.trial, call.step) !== false;
    const endsStep = resolved.calls[index + 1]?.step !== call.step;
    if (changed && (mutates(call) || endsStep)) version++;
    return before;
  });
}
