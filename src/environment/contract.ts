import { type Contract, mergeContracts, placesIn } from '../schema/contract.ts';
import { parsePlace } from '../schema/place.ts';
import type { RecordSource } from '../schema/state.ts';
import type { Task } from '../task/task.ts';
import type { Environment } from './environment.ts';

/** What an environment and a task want together; `writes` is the older name of what may change. */
export function contractOf({ additions }: Task, { config }: Environment): Contract {
  const { writes, contract } = additions;
  return mergeContracts([config.contract, writes.length > 0 ? { may_change: writes } : undefined, contract]);
}

/** The files whose records are part of the state: those that are declared, and those whose records the contract names. */
export function recordSourcesOf(task: Task, environment: Environment): RecordSource[] {
  const declared = [...task.additions.records, ...environment.config.records];
  const named = placesIn(contractOf(task, environment)).flatMap(([, place]) => {
    const { path, table } = parsePlace(place);
    return table === undefined || /[*?[{]/.test(path) || place.startsWith('tool:') ? [] : [path];
  });
  const added = [...new Set(named)].filter((path) => !declared.some((one) => one.path === path));
  return [...declared, ...added.map((path) => ({ path }))];
}
