import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readRun } from '../../../src/trace/run-file.ts';
import { proctor, type Started, startProctor } from '../../cli/proctor.ts';
import { folderOf, temporaryFolder } from '../../folder.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from '../../queue/postgres.ts';

const seed = Number(process.env.PROCTOR_TEST_SEED ?? Date.now() % 1_000_000);

const counting = () =>
  folderOf({
    'task.toml': '[task]\nname = "test/counted"\n',
    'instruction.md': 'Count.',
    'proctor.toml':
      'environment = "shell"\n[verify]\nby = "state"\nmay_change = ["/home/agent/work/**"]\n[[verify.must]]\nname = "counted"\ncheck = \'\'\'state["/home/agent/work/n"].size > 3\'\'\'\n',
    'agents/count.json': JSON.stringify([
      { tool: 'bash', arguments: { command: 'echo 1 >> n' } },
      { tool: 'bash', arguments: { command: 'sleep 0.2; echo 2 >> n' } },
      { tool: 'bash', arguments: { command: 'sleep 0.2; cat n nothing' } },
      { tool: 'bash', arguments: { command: 'sleep 0.2; wc -l n; echo 3 >> n' } },
      { tool: 'submit', arguments: { answer: 'done' } },
    ]),
  });

interface Document {
  trials: { trial: string; attempt: number; outcome: string; reward: number; steps: number; calls: number }[];
}

/** Scores by attempt, without what depends on time. */
async function scoresOf(run: string, out: string) {
  const { stdout } = await proctor(['report', run, '--out', out, '--format', 'json']);
  return (JSON.parse(stdout) as Document).trials
    .map(({ attempt, outcome, reward, steps, calls }) => ({ attempt, outcome, reward, steps, calls }))
    .sort((a, b) => a.attempt - b.attempt);
}

describe.skipIf(!postgres)(`trials made by workers${postgresNote}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const startWorker = (queue: string, ...flags: string[]): Started => {
    const worker = startProctor([
      'worker',
      '--queue',
      queue,
      '--sandbox',
      'embedded',
      '--lease',
      '3',
      ...flags,
    ]);
    onTestFinished(() => void worker.process.kill('SIGKILL'));
    return worker;
  };
  const runWith = (queue: string, out: string, ...flags: string[]) => [
    ...['run', counting(), '--agent', 'scripted:count', '--sandbox', 'embedded', '--out', out],
    ...['--queue', queue, '--store', join(out, 'store'), ...flags],
  ];

  it('are planned and left, followed from elsewhere, and replay here as they were recorded there', async () => {
    const queue = await server.database();
    const out = temporaryFolder();
    const planned = await proctor(runWith(queue, out, '--detach', '-n', '3'));
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('is planned; follow it with') });
    const [run = ''] = planned.stdout.split(' ');
    const worker = startWorker(queue);
    const followed = await proctor(['attach', run, '--queue', queue, '--out', out]);
    expect(followed.stderr).toContain('3 planned = 3 committed + 0 failed + 0 cancelled\n');
    expect(followed.code).toBe(0);
    expect(await scoresOf(run, out)).toEqual(
      [1, 2, 3].map((attempt) => ({ attempt, outcome: 'submitted', reward: 1, steps: 5, calls: 5 })),
    );
    const replayed = await proctor(['replay', 'last', '--out', out, '--sandbox', 'embedded']);
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringMatching(/identical|equivalent/) });
    const { stdout } = await proctor(['workers', '--queue', queue]);
    expect(stdout).toMatch(/here +0 of 4 +3 +version:\S+ sandbox:embedded/);
    worker.process.kill('SIGTERM');
    expect(await worker.finished).toMatchObject({ code: 0 });
    expect((await proctor(['workers', '--queue', queue])).stdout).toContain('ended: it was stopped');
  }, 120_000);

  it('are given to those only that have what they need, and are cancelled', async () => {
    const queue = await server.database();
    const out = temporaryFolder();
    const started = startProctor(runWith(queue, out, '--labels', 'gpu', '-n', '2'));
    startWorker(queue);
    await sleep(6_000);
    const { stdout } = await proctor(['workers', '--queue', queue, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ running: 0, committed: 0 }]);
    const run = readdirSync(out).find((name) => existsSync(join(out, name, 'run.json'))) ?? '';
    expect(await proctor(['cancel', run, '--queue', queue])).toMatchObject({
      stdout: `${run}: 2 trials cancelled\n`,
    });
    const ended = await started.finished;
    expect(ended.stderr).toContain('2 planned = 0 committed + 0 failed + 2 cancelled');
    expect(readRun(join(out, run)).status).toBe('interrupted');
  }, 120_000);

  it.each([
    [['--store', 'x'], '--store goes with --queue; expected --queue postgres://…'],
    [['--queue', 'postgres://localhost/x'], '--queue needs a place that the machines share'],
    [['--queue', 'postgres://127.0.0.1:9/x', '--store', 'x'], '127.0.0.1:9'],
  ])(
    'are refused in a line with %j',
    async (flags, why) => {
      const out = temporaryFolder();
      const args = [
        'run',
        counting(),
        '--agent',
        'scripted:count',
        '--sandbox',
        'embedded',
        '--out',
        out,
        ...flags,
      ];
      const { code, stderr } = await proctor(args, { cwd: out });
      expect(code).toBeGreaterThan(0);
      expect(stderr).toContain(why);
      expect(stderr).not.toContain('    at ');
    },
    60_000,
  );

  it(`are each committed once while workers, connections and the starter are killed (PROCTOR_TEST_SEED=${seed})`, async () => {
    const queue = await server.database();
    const out = temporaryFolder();
    const random = xoroshiro128plus(seed);
    const trials = 40;
    const workers = [1, 2, 3, 4].map(() => startWorker(queue, '--capacity', '2'));
    const starter = startProctor(runWith(queue, out, '-n', String(trials)));
    let run: string | undefined;
    while (!run) {
      await sleep(100);
      run = existsSync(out)
        ? readdirSync(out).find((name) => existsSync(join(out, name, 'run.json')))
        : undefined;
    }
    for (let blow = 0; blow < 12; blow++) {
      await sleep(uniformInt(random, 300, 1500));
      const at = uniformInt(random, 0, 3);
      const { process: worker } = workers[at] as Started;
      const kind = uniformInt(random, 0, 2);
      if (kind === 0) {
        worker.kill('SIGKILL');
        workers[at] = startWorker(queue, '--capacity', '2');
      } else if (kind === 1) {
        worker.kill('SIGSTOP');
        void sleep(5_000).then(() => worker.kill('SIGCONT'));
      } else {
        await server.ask(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'proctor'",
        );
      }
      if (blow === 4) starter.process.kill('SIGKILL');
    }
    const { stderr, code } = await proctor(['attach', run, '--queue', queue, '--out', out]);
    expect(stderr).toContain(`${trials} planned = ${trials} committed + 0 failed + 0 cancelled`);
    expect(code).toBe(0);
    expect(await scoresOf(run, out)).toEqual(
      Array.from({ length: trials }, (_, index) => ({
        ...{ attempt: index + 1, outcome: 'submitted', reward: 1, steps: 5, calls: 5 },
      })),
    );
  }, 300_000);
});
