import type { Agent } from '../../agent/agent.ts';
import { messageOf, ProctorError } from '../../errors.ts';
import { type Account, openAccount } from '../../orchestrator/account.ts';
import type { TrialSpec } from '../../orchestrator/trial-plan.ts';
import { sharedAccount } from '../../queue/budget/shared-account.ts';
import { sharedRateGates } from '../../queue/budget/shared-rate-gate.ts';
import type { Database } from '../../queue/database.ts';
import type { Leased } from '../../queue/lease.ts';
import { tasksOfManifest } from '../../store/manifest.ts';
import { openStore } from '../../store/open-store.ts';
import { requireUsable } from '../../store/require-usable.ts';
import { type Ship, shipper } from '../../store/ship.ts';
import type { Store } from '../../store/store.ts';
import { openPackCache } from '../../store/unpack.ts';
import { loadTask } from '../../task/load.ts';
import { makeAgent, modelSettings } from '../agent.ts';
import { runOptions } from '../run-options.ts';
import { asInRun } from '../task.ts';
import { agentFiles } from './agent-file.ts';
import { agentOffer } from './offer.ts';
import { type QueuedRun, readQueuedRun } from './queued-run.ts';
import type { WorkerWatch } from './worker-watch.ts';

/** A run as a worker has it. */
export interface WorkerRun extends QueuedRun {
  store: Store;
  ship: Ship;
  /** Shared with other workers where the run has a budget. */
  account: Account;
  /** What trials need that are made by agents which this worker can open. */
  offers: string[];
  /** The trial of a claim. Throws where this worker can't make it. */
  specOf(leased: Leased): Promise<TrialSpec>;
  close(): Promise<void>;
}

export interface RunParts {
  database: Database;
  /** Folder into which tasks are unpacked. */
  packs: string;
  note(line: string): void;
  watch?: Pick<WorkerWatch, 'gates' | 'asked'> | undefined;
}

/** Reads a run from the queue; its packs are unpacked when trials need them. Agents that can't be opened here are named. */
export async function openWorkerRun(
  id: string,
  { database, packs, note, watch }: RunParts,
): Promise<WorkerRun> {
  const queued = await readQueuedRun(database, id);
  const { config } = queued.document;
  const store = await openStore(queued.brief.store);
  await requireUsable(store);
  const options = runOptions.parse(config.options);
  const gates: ReturnType<typeof sharedRateGates>[] = [];
  const own = modelSettings(options, options.parameters, (limits) => {
    const shared = sharedRateGates({ database, run: id, limits });
    gates.push(shared);
    return watch?.gates(shared) ?? shared;
  });
  const settings = { ...own, ...(watch && { asked: watch.asked }) };
  const setupOf = tasksOfManifest({
    manifest: queued.brief.packs,
    cache: openPackCache(store, packs),
    load: (dir, name) => asInRun(loadTask(dir, name), config.options),
  });
  const agents = new Map<string, Agent>();
  for (const name of config.agents) {
    try {
      requireSameFiles(agentFiles(name, options.agentFolder ?? '.'), queued.brief.files);
      const agent = makeAgent(name, settings);
      await agent.check?.([]);
      agents.set(name, agent);
    } catch (error) {
      note(`${id}: trials of ${name} are left to other workers: ${messageOf(error)}`);
    }
  }
  const { maxCostUsd } = config;
  const shared = maxCostUsd === undefined ? undefined : sharedAccount({ database, run: id, maxCostUsd });
  return {
    ...queued,
    store,
    ship: shipper(store),
    account: shared ?? openAccount({}),
    offers: [...agents.keys()].map((name) => agentOffer(id, name)),
    async specOf({ trial, task, agent: name, attempt }) {
      const setup = await setupOf(task);
      const agent = agents.get(name);
      if (!agent) throw new ProctorError('not-found', `${name}: can’t be opened here`);
      return { ...setup, agent, attempt, trial };
    },
    async close() {
      await shared?.close();
      await Promise.all(gates.map((gate) => gate.close()));
    },
  };
}

function requireSameFiles(here: Record<string, string>, there: Record<string, string>): void {
  for (const [path, digest] of Object.entries(here))
    if (there[path] !== digest)
      throw new ProctorError('bad-file', `${path}: is another than the run was started with`);
}
