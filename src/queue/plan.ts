import { ProctorError } from '../errors.ts';
import type { JsonObject } from '../schema/json.ts';
import type { Ask, Database } from './database.ts';
import { patienceMs } from './patience.ts';

/** A trial that is to be made by some worker. */
export interface PlannedTrial {
  trial: string;
  task: string;
  agent: string;
  attempt: number;
  /** What a worker has to offer to be given it, such as `sandbox:docker` or `label:gpu`. */
  needs: readonly string[];
}

export interface PlannedRun {
  run: string;
  /** What `run.json` says of it but for its trials. */
  document: JsonObject;
  /** What workers need to make its trials. */
  manifest: JsonObject;
  /** How often a trial is begun at most, where workers die or fail with it. */
  maxTries: number;
}

/** How many trials are sent at a time. */
const batch = 1000;

/**
 * Plans a run, all of it or nothing; `trials` are read as they are sent. Gives how many there are. A plan that was committed
 * already, by the same run's id, is left as it is. Throws `queue-unreachable`.
 */
export async function planRun(
  database: Database,
  { run, document, manifest, maxTries }: PlannedRun,
  trials: () => Iterable<PlannedTrial>,
): Promise<number> {
  return database.transaction(
    async (ask) => {
      const [known] = await ask<{ planned: number }>('select planned from proctor.run where id = $1', [run]);
      if (known) return known.planned;
      await ask(
        'insert into proctor.run (id, document, manifest, max_tries, planned) values ($1, $2, $3, $4, 0)',
        [run, JSON.stringify(document), JSON.stringify(manifest), maxTries],
      );
      let planned = 0;
      let some: PlannedTrial[] = [];
      for (const trial of trials()) {
        some.push(trial);
        if (some.length < batch) continue;
        await insert(ask, run, planned, some);
        planned += some.length;
        some = [];
      }
      await insert(ask, run, planned, some);
      planned += some.length;
      if (planned === 0) throw new ProctorError('bad-flag', `${run}: there is no trial to plan`);
      await ask('update proctor.run set planned = $2 where id = $1', [run, planned]);
      await ask("select pg_notify('proctor', 'work')");
      return planned;
    },
    { patienceMs },
  );
}

async function insert(ask: Ask, run: string, from: number, trials: readonly PlannedTrial[]): Promise<void> {
  if (trials.length === 0) return;
  const rows = trials.map(({ needs, ...trial }, at) => ({ ...trial, number: from + at, needs }));
  await ask(
    `insert into proctor.trial (run, trial, number, task, agent, attempt, needs)
     select $1, trial, number, task, agent, attempt, needs
     from jsonb_to_recordset($2) as t(trial text, number int, task text, agent text, attempt int, needs text[])`,
    [run, JSON.stringify(rows)],
  );
}
