import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openQueue } from '../../../src/library/queue/open-queue.ts';
import { refusedFolder } from '../../../src/store/fetch.ts';
import { proctor } from '../../cli/proctor.ts';
import { temporaryFolder } from '../../folder.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from '../../queue/postgres.ts';
import { storm, stormSuite } from './storm.ts';

const seed = Number(process.env.PROCTOR_TEST_SEED ?? Date.now() % 1_000_000);

interface Document {
  trials: {
    task: string;
    agent: string;
    outcome: string;
    reward: number;
    steps: number;
    calls: number;
    worst: unknown;
  }[];
}

/** What each trial scored, without what depends on time. */
const scoresIn = (stdout: string) =>
  (JSON.parse(stdout) as Document).trials.map(({ task, agent, outcome, reward, steps, calls, worst }) => ({
    ...{ task, agent, outcome, reward, steps, calls, worst },
  }));

describe.skipIf(!postgres)(`a run that is broken wherever it can be${postgresNote}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ everywhere: true });
  });
  afterAll(() => server.stop());

  it(`scores as one that nobody disturbs, each trial once (PROCTOR_TEST_SEED=${seed})`, async () => {
    const suite = stormSuite();
    onTestFinished(() => rmSync(suite, { recursive: true, force: true }));
    const attempts = 50;
    const trials = 10 * attempts;
    const { run, out, queue, code, stderr, ...what } = await storm({
      ...{ server, seed, workers: 4, suite, attempts, blows: 60, everyMs: [500, 2500], leaseSeconds: 2 },
    });
    onTestFinished(() => rmSync(out, { recursive: true, force: true }));
    console.log(`seed ${seed}:`, what);
    expect(stderr).toContain(`${trials} planned = ${trials} committed + 0 failed + 0 cancelled`);
    expect(code).toBe(0);

    const report = await proctor(['report', run, '--out', out, '--format', 'json']);
    const calm = temporaryFolder();
    const agents = ['--agent', 'scripted:right', '--agent', 'scripted:wrong'];
    const local = await proctor(['run', suite, ...agents, '--sandbox', 'embedded', '--out', calm, '--json']);
    const wanted = new Map(scoresIn(local.stdout).map((score) => [`${score.task} ${score.agent}`, score]));
    const scores = scoresIn(report.stdout);
    expect(wanted.size).toBe(10);
    expect(scores).toHaveLength(trials);
    for (const score of scores) expect(score).toEqual(wanted.get(`${score.task} ${score.agent}`));

    const database = await openQueue(queue);
    onTestFinished(() => database.close());
    const commits = await database.ask<{ trials: number; commits: number }>(
      "select count(distinct trial)::int trials, count(*)::int commits from proctor.attempt where how = 'committed'",
    );
    expect(commits).toEqual([{ trials, commits: trials }]);
    const refused = await database.ask<{ trial: string; fence: number }>(
      "select trial, fence from proctor.attempt where how = 'refused'",
    );
    for (const { trial, fence } of refused) expect(stderr).toContain(`${trial}: claim ${fence} by`);
    const kept = existsSync(refusedFolder(join(out, run))) ? readdirSync(refusedFolder(join(out, run))) : [];
    expect(kept.filter((name) => name !== 'bodies').length).toBeGreaterThanOrEqual(refused.length);
  });
});
