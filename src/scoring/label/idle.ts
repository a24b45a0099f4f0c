import { mutates, type ResolvedCall, type ResolvedTrial } from '../trial/resolved-trial.ts';
import { changedState } from '../trial/world.ts';

/** Calls with a label, or why they cannot all be told. */
export interface IdleCalls {
  calls: readonly ResolvedCall[];
  unscored?: string | undefined;
}

/**
 * Successful calls meant to write that left the state as it was. Tools declared `exec` are left out, since a command
 * may well be a read, and so are calls that reach another party outside the state.
 */
export function noOpWrites(resolved: ResolvedTrial): IdleCalls {
  const writes = resolved.calls.filter((call) => call.ok && writesState(call));
  const unknown = writes.find(({ step }) => changedState(resolved.trial, step) === undefined);
  return {
    calls: writes.filter(({ step }) => changedState(resolved.trial, step) === false),
    unscored: unknown && whyUnknown(resolved, unknown.step.index),
  };
}

function writesState(call: ResolvedCall): boolean {
  const { declared } = call;
  return (
    mutates(call) && declared !== undefined && declared.effect !== 'exec' && declared.scope !== 'external'
  );
}

/** Why it is not known whether a step changed the state. */
function whyUnknown(resolved: ResolvedTrial, step: number): string {
  if (resolved.trial.started.environment.state === 'none') return 'the environment declares no state';
  return `step ${step}: the state is not known`;
}

/**
 * Calls that asked the same, got the same, and there was no change of state since. A call of a tool declared `exec`
 * counts as a read where its step changed nothing.
 */
export function redundantReads(resolved: ResolvedTrial): IdleCalls {
  const unknown = unknownBetween(resolved);
  if (unknown !== undefined) return { calls: [], unscored: whyUnknown(resolved, unknown) };
  const versions = stateVersions(resolved);
  const seen = new Set<string>();
  const calls = resolved.calls.filter((call, index) => {
    if (!call.ok || !reads(resolved, call)) return false;
    const sign = `${versions[index]} ${call.question} ${call.call.returned?.digest}`;
    const known = seen.has(sign);
    seen.add(sign);
    return known;
  });
  return { calls };
}

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
