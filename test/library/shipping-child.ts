import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from '../../src/agent/agent.ts';
import { oracleAgent } from '../../src/agent/oracle.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { resumeShipped } from '../../src/library/resume-shipped.ts';
import type { RunWatch } from '../../src/orchestrator/run-claim.ts';
import { runTrials } from '../../src/run-trials.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import { packageRoot } from '../../src/schema/author-folder.ts';
import { openFolderStore } from '../../src/store/folder.ts';
import { shipper } from '../../src/store/ship.ts';
import { loadTask } from '../../src/task/load.ts';

/** An oracle that writes down each step it is asked for, and at one of them thinks for as long as it is let. */
function notingAgent(notes: string, hangsAt: number): Agent {
  const oracle = oracleAgent();
  return {
    ...oracle,
    async open(brief) {
      const session = await oracle.open(brief);
      return {
        ...session,
        async decide(view, options) {
          appendFileSync(notes, `${view.steps.length}\n`);
          if (view.steps.length === hangsAt) await sleep(600_000, undefined, { signal: options.signal });
          return session.decide(view, options);
        },
      };
    },
  };
}

/** What a worker does with one claimed trial: goes on from what was shipped of it, and ships what it writes. */
const [, , storeDir = '', dir = '', fence = '', hangsAt = ''] = process.argv;
const store = await openFolderStore(storeDir);
const task = loadTask(join(packageRoot, 'tasks/quickstart/address-mixup'));
const agent = notingAgent(join(dir, 'asked'), Number(hangsAt));
const spec = { trial: 'x7k2pq', attempt: 1, task, environment: environmentOf(task), agent };
const held = { run: 'r', trial: spec.trial, fence: Number(fence) };
const resumed = await resumeShipped(spec, { store, held, dir: join(dir, 'lapsed'), secrets: {} });
const trial = { ...held, trial: resumed.trial };
const shipment = shipper(store, { gatherMs: 20 })(trial, join(dir, trial.trial));
const watch: Partial<RunWatch> = { event: () => shipment.grown(), note: console.error };
const { run } = await runTrials({
  run: 'r',
  dir,
  trials: [resumed],
  provider: embeddedProvider(),
  secrets: {},
  watch,
});
const [entry] = run.trials;
if (entry?.head) await shipment.seal(entry.head);
process.stdout.write(JSON.stringify(entry));
