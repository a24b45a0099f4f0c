import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunTrial } from '../../src/schema/run.ts';
import { fetchTrial, sealOf } from '../../src/store/fetch.ts';
import { openFolderStore } from '../../src/store/folder.ts';
import { shippedOf } from '../../src/store/shipped-trial.ts';
import { foldTrial } from '../../src/trace/fold.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { temporaryFolder } from '../folder.ts';

const child = ['--import', 'jiti/register', new URL('./shipping-child.ts', import.meta.url).pathname];

const foldedIn = (dir: string) => {
  const { events, bodies } = openTrace(dir);
  return foldTrial(events, bodies);
};

/** The steps that the agent of a worker was asked for. */
const askedIn = (dir: string) => readFileSync(join(dir, 'asked'), 'utf8').trim().split('\n').map(Number);

/** A worker that has nothing but the store and a folder of its own. */
function workerFolder(): string {
  const dir = join(temporaryFolder(), 'runs');
  mkdirSync(dir);
  return dir;
}

describe('a trial whose worker was killed', () => {
  it('is gone on with by others, who ask the agent for nothing that was decided and shipped', {
    timeout: 180_000,
  }, async () => {
    const store = await openFolderStore(temporaryFolder());
    /** Kills a worker with SIGKILL while its agent thinks about this step, when what is before it was shipped. */
    async function killAt(step: number, fence: number) {
      const dir = workerFolder();
      const worker = spawn(process.execPath, [...child, store.url, dir, String(fence), String(step)], {
        stdio: 'ignore',
      });
      onTestFinished(() => void worker.kill('SIGKILL'));
      const runDir = temporaryFolder();
      await vi.waitFor(
        async () => {
          const shipped = (await shippedOf(store, { run: 'r', trial: 'x7k2pq' })).find(
            (one) => one.fence === fence,
          );
          if (!shipped) throw new Error('nothing was shipped yet');
          const fetching = fetchTrial({ store, shipped, runDir });
          await fetching.more();
          const { steps } = foldedIn(fetching.dir);
          expect(steps.filter(({ finished }) => finished)).toHaveLength(step);
        },
        { timeout: 60_000, interval: 100 },
      );
      worker.kill('SIGKILL');
      await once(worker, 'close');
      return dir;
    }

    expect(askedIn(await killAt(2, 1))).toEqual([0, 1, 2]);
    expect(askedIn(await killAt(4, 2))).toEqual([2, 3, 4]);
    const dir = workerFolder();
    const { stdout } = await promisify(execFile)(process.execPath, [...child, store.url, dir, '3', '-1']);
    const entry = JSON.parse(stdout) as RunTrial;
    expect(entry).toMatchObject({ trial: 'x7k2pq-r2', resumes: 'x7k2pq-r1', outcome: 'submitted' });
    expect(askedIn(dir)[0]).toBe(4);

    const shipped = { run: 'r', trial: 'x7k2pq-r2', fence: 3 };
    expect((await sealOf(store, shipped))?.head).toEqual(entry.head);
    const fetching = fetchTrial({ store, shipped, runDir: temporaryFolder() });
    if (entry.head) await fetching.finish(entry.head);
    const { started, steps } = foldedIn(fetching.dir);
    expect(started.parent).toMatchObject({ trace: 'r/x7k2pq-r1', step: 3 });
    expect(steps.map(({ inherited }) => inherited === true)).toEqual(steps.map((_, step) => step < 4));
  });
});
