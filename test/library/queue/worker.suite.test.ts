import { appendFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readRun } from '../../../src/trace/run-file.ts';
import { containersOwnedBy } from '../../cli/container.ts';
import { proctor, type Started, startProctor } from '../../cli/proctor.ts';
import { engine, engineNote } from '../../engine.ts';
import { folderOf, temporaryFolder } from '../../folder.ts';
import { call } from '../../model-server/reply.ts';
import { startModelServer } from '../../model-server/server.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from '../../queue/postgres.ts';

const counting = (seconds = 0.2) =>
  folderOf({
    'task.toml': '[task]\nname = "test/counted"\n',
    'instruction.md': 'Count.',
    'proctor.toml':
      'environment = "shell"\n[verify]\nby = "state"\nmay_change = ["/home/agent/work/**"]\n[[verify.must]]\nname = "counted"\ncheck = \'\'\'state["/home/agent/work/n"].size > 3\'\'\'\n',
    'agents/count.json': JSON.stringify([
      { tool: 'bash', arguments: { command: 'echo 1 >> n' } },
      { tool: 'bash', arguments: { command: `sleep ${seconds}; echo 2 >> n` } },
      { tool: 'bash', arguments: { command: `sleep ${seconds}; cat n nothing` } },
      { tool: 'bash', arguments: { command: `sleep ${seconds}; wc -l n; echo 3 >> n` } },
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
    const begun = () => readdirSync(out).find((name) => existsSync(join(out, name, 'run.json')));
    while (begun() === undefined) await sleep(100);
    await sleep(3_000);
    const { stdout } = await proctor(['workers', '--queue', queue, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ running: 0, committed: 0 }]);
    const run = begun() ?? '';
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

  it('are left while their store fails, and taken when it works again', async () => {
    const queue = await server.database();
    const out = temporaryFolder();
    const planned = await proctor(runWith(queue, out, '--detach'));
    const [run = ''] = planned.stdout.split(' ');
    renameSync(join(out, 'store'), join(out, 'aside'));
    writeFileSync(join(out, 'store'), '');
    const worker = startWorker(queue);
    let said = '';
    worker.process.stderr?.on('data', (chunk: string) => (said += chunk));
    while (!said.includes(`${run}: left to other workers: `)) await sleep(100);
    await sleep(5_000);
    rmSync(join(out, 'store'));
    renameSync(join(out, 'aside'), join(out, 'store'));
    const followed = await proctor(['attach', run, '--queue', queue, '--out', out]);
    expect(followed.stderr).toContain('1 planned = 1 committed + 0 failed + 0 cancelled\n');
    worker.process.kill('SIGTERM');
    const { stderr } = await worker.finished;
    expect(stderr.match(/left to other workers/g)).toHaveLength(1);
    expect(stderr).toContain(`${run}: trials of it are taken now`);
  }, 120_000);

  it('spend nothing while the database is gone, and ask nothing again that was decided', async () => {
    const queue = await server.database();
    const out = temporaryFolder();
    const model = await startModelServer(async (_, index) => {
      await sleep(300);
      return call('bash', { command: `echo ${index}` });
    });
    onTestFinished(() => model.close());
    const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'key' };
    const args = ['run', counting(), '--agent', 'openai:m', '--sandbox', 'embedded', '--out', out];
    const planned = await proctor(
      [...args, '--max-steps', '60', '--queue', queue, '--store', join(out, 'store'), '--detach'],
      { env },
    );
    const [run = ''] = planned.stdout.split(' ');
    const worker = startProctor(['worker', '--queue', queue, '--sandbox', 'embedded', '--lease', '60'], {
      env,
    });
    onTestFinished(() => void worker.process.kill('SIGKILL'));
    while (model.requests.length < 3) await sleep(50);
    server.halt();
    await sleep(1_000);
    const asked = model.requests.length;
    await sleep(3_000);
    expect(model.requests).toHaveLength(asked);
    server.start();
    while (model.requests.length < asked + 3) await sleep(50);
    await proctor(['cancel', run, '--queue', queue]);
    worker.process.kill('SIGTERM');
    await worker.finished;
    const told = model.requests.map(({ messages }) => messages.length);
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
  }, 120_000);

  it('are left to others by a worker that can’t open their agent as it was, and say so once', async () => {
    const queue = await server.database();
    const out = temporaryFolder();
    const agent = join(folderOf({ 'agent.mjs': 'export default () => ({ calls: [] });\n' }), 'agent.mjs');
    const planned = await proctor([
      ...[
        'run',
        counting(),
        '--agent',
        agent,
        '--agent',
        'scripted:count',
        '--sandbox',
        'embedded',
        '--out',
        out,
      ],
      ...['--queue', queue, '--store', join(out, 'store'), '--detach'],
    ]);
    const [run = ''] = planned.stdout.split(' ');
    appendFileSync(agent, '// changed\n');
    const worker = startWorker(queue);
    const committed = async () => {
      const { stdout } = await proctor(['workers', '--queue', queue, '--json']);
      return JSON.parse(stdout)[0]?.committed;
    };
    while ((await committed()) !== 1) await sleep(100);
    await proctor(['cancel', run, '--queue', queue]);
    worker.process.kill('SIGTERM');
    const { stderr } = await worker.finished;
    expect(
      stderr.match(/are left to other workers: .*agent.mjs: is another than the run was started with/g),
    ).toHaveLength(1);
    expect(stderr.match(/submitted/g)).toHaveLength(1);
  }, 120_000);

  it.skipIf(!engine)(
    `leave no container, whoever is killed or stopped for longer than its lease${engineNote}`,
    async () => {
      const queue = await server.database();
      const out = temporaryFolder();
      const docker = ['--sandbox', 'docker', '--capacity', '1'];
      const planned = await proctor([
        ...['run', counting(4), '--agent', 'scripted:count', '--sandbox', 'docker', '--out', out, '-n', '2'],
        ...['--queue', queue, '--store', join(out, 'store'), '--detach'],
      ]);
      const [run = ''] = planned.stdout.split(' ');
      const [killed, stopped] = [startWorker(queue, ...docker), startWorker(queue, ...docker)];
      const owns = async ({ process: { pid } }: Started) => (await containersOwnedBy([pid])).length > 0;
      while (!((await owns(killed)) && (await owns(stopped)))) await sleep(100);
      killed.process.kill('SIGKILL');
      stopped.process.kill('SIGSTOP');
      const third = startWorker(queue, ...docker);
      const followed = proctor(['attach', run, '--queue', queue, '--out', out]);
      await sleep(6_000);
      stopped.process.kill('SIGCONT');
      const { stderr } = await followed;
      expect(stderr).toContain('2 planned = 2 committed + 0 failed + 0 cancelled');
      for (const { process } of [stopped, third]) process.kill('SIGTERM');
      await Promise.all([stopped.finished, third.finished]);
      expect(await containersOwnedBy([killed, stopped, third].map(({ process }) => process.pid))).toEqual([]);
      expect((await scoresOf(run, out)).map(({ reward }) => reward)).toEqual([1, 1]);
    },
    180_000,
  );
});
