import { ProctorError } from '../../errors.ts';
import { checkAgents } from '../../orchestrator/run.ts';
import type { Database } from '../../queue/database.ts';
import { planRun } from '../../queue/plan.ts';
import { configOf } from '../../run-trials.ts';
import type { JsonObject } from '../../schema/json.ts';
import { packTasks } from '../../store/manifest.ts';
import { requireUsable } from '../../store/require-usable.ts';
import type { Store } from '../../store/store.ts';
import { keptWith, splitOf } from '../../task/generate/made-folder.ts';
import { proctorVersion } from '../../version.ts';
import type { PreparedRun } from '../followed.ts';
import { agentFiles } from './agent-file.ts';
import { agentOffer, offersOf } from './offer.ts';
import type { QueuedRun } from './queued-run.ts';

export interface QueuePlan {
  database: Database;
  store: Store;
  /** As workers open it. */
  place: string;
  /** Labels that a worker must have. */
  labels: readonly string[];
  /** How often a trial is begun at most, where workers are lost with it. */
  maxTries?: number;
}

/** Stores what the trials of a run are made of and plans them, all or none. Throws `bad-flag` for what can't be done elsewhere. */
export async function planQueued(prepared: PreparedRun, plan: QueuePlan): Promise<QueuedRun> {
  const { run, dir, seed = '0', retries = 0, skipped = [], provider, kind = 'trials' } = prepared;
  if (prepared.chooser)
    throw new ProctorError('bad-flag', '--adaptive chooses while it runs; expected it without --queue');
  const trials = prepared.trials.map((trial) => ({ ...trial, task: keptWith(dir, trial.task) }));
  for (const { agent, task } of trials) {
    if (agent.id === 'human')
      throw new ProctorError('bad-flag', 'nobody sits at a worker; expected another agent than human');
    if (splitOf(task))
      throw new ProctorError(
        'bad-flag',
        '--private: trials are counted beside the seed, which workers have not; expected it without --queue',
      );
  }
  await checkAgents(trials);
  await requireUsable(plan.store);
  const document = {
    ...{ version: 1 as const, run, kind, proctor: proctorVersion, startedAt: new Date().toISOString() },
    ...{ status: 'running' as const, config: configOf({ ...prepared, trials }, seed), skipped },
  };
  const folder = String(document.config.options.agentFolder ?? '.');
  const files = Object.assign({}, ...document.config.agents.map((agent) => agentFiles(agent, folder)));
  const brief = { packs: await packTasks(plan.store, trials), store: plan.place, retries, files };
  const needs = offersOf(provider?.name ?? 'embedded', plan.labels);
  await planRun(
    plan.database,
    { run, document: json(document), manifest: json(brief), maxTries: plan.maxTries ?? 3 },
    function* () {
      for (const { trial, task, agent, attempt } of trials)
        yield {
          ...{ trial, task: task.name, agent: agent.id, attempt },
          needs: [...needs, agentOffer(run, agent.id)],
        };
    },
  );
  return { run, planned: trials.length, document, brief };
}

/** As it is stored: what is undefined is absent. */
const json = (value: object): JsonObject => JSON.parse(JSON.stringify(value));
