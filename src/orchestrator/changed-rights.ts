import type { SurveyedRights } from '../sandbox/sandbox.ts';
import type { Json } from '../schema/json.ts';
import type { FileRights, RightsChange } from '../schema/state.ts';
import type { LiveTrial } from './live-trial.ts';

/** Entries of the state that have another owner or access list than when it was last observed, and keeps whose they are now. */
export function changedRights({ sandbox, world }: LiveTrial, state: Json): RightsChange[] {
  const before = world.rights;
  world.rights = sandbox?.files.rights?.(world.surveyed);
  if (!before || !world.rights) return [];
  return [...world.rights].flatMap(([path, after]) => {
    const was = before.get(path);
    if (!was || was === after || !Object.hasOwn(state as object, path)) return [];
    const change = { path, before: rightsOf(was), after: rightsOf(after) };
    if (JSON.stringify(change.before) === JSON.stringify(change.after)) return [];
    return [{ ...change, ...(was.inode !== after.inode && { anew: true as const }) }];
  });
}

const rightsOf = ({ owner, acl }: SurveyedRights): FileRights => ({ owner, ...(acl && { acl }) });
