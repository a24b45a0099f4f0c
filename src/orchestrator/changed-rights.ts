import type { Json } from '../schema/json.ts';
import type { RightsChange } from '../schema/state.ts';
import type { LiveTrial } from './live-trial.ts';

/** Entries of the state that have another owner or access list than when it was last observed, which is now. */
export function changedRights({ sandbox, world }: LiveTrial, state: Json): RightsChange[] {
  const before = world.observed;
  world.observed = world.surveyed;
  const changes = before ? (sandbox?.files.changedRights?.(before, world.surveyed) ?? []) : [];
  return changes.filter(({ path }) => Object.hasOwn(state as object, path));
}
