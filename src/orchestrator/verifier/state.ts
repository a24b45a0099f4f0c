import { compileCheck } from '../../environment/check.ts';
import { changedOutside, diffState } from '../../environment/state-diff.ts';
import type { Json } from '../../schema/json.ts';
import type { Verification } from '../../schema/task.ts';
import type { Verdict } from './verdict.ts';
import { verdictOf } from './verdict.ts';

type ByState = Extract<Verification, { by: 'state' }>;

/** Verifies the final state: every demand holds, and nothing changed that may not. */
export function verifyState(demand: ByState, initial: Json, state: Json, kind: 'files' | 'server'): Verdict {
  const checks = demand.must.map(({ name, check, weight }) => ({
    name,
    weight,
    passed: compileCheck(check, `check ${name}`)(state, initial),
  }));
  const collateral = changedOutside(demand.may_change, diffState(kind, initial, state)).map(
    (change) => change.path,
  );
  return verdictOf([
    ...checks,
    {
      name: 'no-collateral-change',
      weight: 1,
      passed: collateral.length === 0,
      ...(collateral.length > 0 && { detail: `changed: ${collateral.slice(0, 10).join(', ')}` }),
    },
  ]);
}
