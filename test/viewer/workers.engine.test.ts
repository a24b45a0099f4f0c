import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openQueue } from '../../src/library/queue/open-queue.ts';
import { tellActivity } from '../../src/queue/activity.ts';
import { claimTrial } from '../../src/queue/lease.ts';
import { planRun } from '../../src/queue/plan.ts';
import { registerWorker, signOff } from '../../src/queue/workers.ts';
import { queueResponse } from '../../src/viewer/queue-response.ts';
import { browserFound, browserNote } from '../browser.ts';
import { trialOf } from '../queue/planned.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from '../queue/postgres.ts';
import { busyQueue } from './busy-queue.ts';
import { copySample, type Viewed, view } from './viewed.ts';

const row = (id: string) => ({ id, host: 'h', pid: 1, version: '0.1.0', capacity: 4, offers: ['label:gpu'] });

describe.skipIf(!postgres || !browserFound)(`the page of workers${postgresNote || browserNote}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('shows what each does in the queue, and goes on by itself', async () => {
    const database = await openQueue(await server.database());
    onTestFinished(() => database.close());
    await registerWorker(database, row('w1'));
    await registerWorker(database, row('w2'));
    await signOff(database, 'w2', 'it was stopped');
    const run = { run: 'r1', document: {}, manifest: {}, maxTries: 3 };
    await planRun(database, run, () => ['a', 'b', 'c'].map((name) => trialOf(name)));
    const leased = await claimTrial(database, { worker: 'w1', offers: [], leaseSeconds: 60 });
    if (!leased) throw new Error('no trial');
    const trial = { ...leased, phase: 'deciding' as const, steps: 2, seconds: 65 };
    await tellActivity(database, 'w1', { trials: [trial], spent: { deciding: 60 }, seconds: 60 });
    const viewed = await view(() => {}, { queue: () => queueResponse(database) });
    onTestFinished(() => viewed.close());
    const { page, troubles } = await viewed.open('#/workers');
    const card = page.getByRole('region', { name: 'Worker w1' });
    await card.getByText('1 of 4 trials at a time, 0 committed').waitFor();
    expect(await card.getByRole('row', { name: /^task-a · nop/ }).textContent()).toMatch(/r1\/adeciding2/);
    expect(await card.getByRole('list', { name: 'Where its time went' }).textContent()).toMatch(
      /deciding 25 %.*free 75 %/,
    );
    expect(await page.getByRole('region', { name: 'The queue' }).textContent()).toMatch(/waiting2running1/);
    await page.getByText('1 worker ended within the last day').click();
    await page.getByText('ended: it was stopped').waitFor();
    await tellActivity(database, 'w1', { trials: [{ ...trial, phase: 'acting' }], spent: {}, seconds: 61 });
    await card.getByRole('cell', { name: 'tools' }).waitFor();
    expect(troubles).toEqual([]);
  });

  it('says that the database is gone, and shows the workers again when it is back', async () => {
    let gone = true;
    const queue = async () => (gone ? Promise.reject(new Error('db.internal: nobody answers')) : busyQueue);
    const viewed = await view(copySample, { queue });
    onTestFinished(() => viewed.close());
    const { page } = await viewed.open('#/workers');
    await page.getByRole('alert').getByText('nobody answers').waitFor();
    gone = false;
    await page.getByText('not heard of for 30 min').waitFor();
    await page.getByRole('link', { name: 'runs' }).click();
    await page.getByRole('link', { name: 'workers' }).click();
    await page.getByText('812').waitFor();
  });

  it('is not offered where no queue was named', async () => {
    const viewed: Viewed = await view(copySample);
    onTestFinished(() => viewed.close());
    const { page } = await viewed.open('#/workers');
    await page.getByText('No queue was named').waitFor();
    await page.getByRole('link', { name: 'runs' }).click();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(await page.getByRole('link', { name: 'workers' }).count()).toBe(0);
  });
});
