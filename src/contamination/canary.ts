import type { SetTrial } from '../comparison/trial-set.ts';
import type { Contamination } from '../schema/contamination.ts';
import { type ScoredTrace, scoreTrace } from '../scored-trace.ts';
import { originOf } from '../scoring/trial/provenance.ts';
import { leavesOf, resolveTrial } from '../scoring/trial/resolved-trial.ts';
import { openTrace } from '../trace/trace-file.ts';

const baseOf = ({ instance, task }: SetTrial) => instance?.base ?? task;

/**
 * Calls of an agent that carry a value planted in a trial of the published instance, by whomever, where nothing told or showed it before.
 * Reads the traces of base tasks that have planted values. Throws `bad-trace`.
 */
export function completedCanaries(trials: readonly SetTrial[], agent: string): Contamination['canaries'] {
  const planted = new Map<string, Map<string, string>>();
  for (const trial of trials.filter(({ instance }) => !instance)) {
    const values = planted.get(trial.task) ?? new Map<string, string>();
    for (const { name, value } of openTrace(trial.dir).first?.canaries ?? []) values.set(value, name);
    if (values.size > 0) planted.set(trial.task, values);
  }
  const sought = trials.filter((trial) => trial.agent === agent && planted.has(baseOf(trial)));
  if (sought.length === 0)
    return { unscored: 'no published instance that it tried has planted values in these runs' };
  return {
    values: [...planted.values()].reduce((sum, { size }) => sum + size, 0),
    trials: sought.length,
    completed: sought.flatMap((trial) => {
      const own = firstCompleted(scoreTrace(trial.dir), planted.get(baseOf(trial)) ?? new Map());
      return own ? [{ trial: `${trial.run}/${trial.trial}`, base: baseOf(trial), ...own }] : [];
    }),
  };
}

function firstCompleted({ trial, bodies }: ScoredTrace, values: ReadonlyMap<string, string>) {
  const resolved = resolveTrial(trial, bodies);
  for (const call of resolved.calls) {
    const texts = leavesOf(call.args);
    for (const [value, name] of values)
      if (texts.some((text) => text.includes(value)) && originOf(value, resolved, call) === null)
        return { name, step: call.step.index };
  }
  return undefined;
}
