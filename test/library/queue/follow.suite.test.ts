import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { proctor, type Started, startProctor } from '../../cli/proctor.ts';
import { folderOf, temporaryFolder } from '../../folder.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from '../../queue/postgres.ts';

const task = () =>
  folderOf({
    'task.toml': '[task]\nname = "test/nothing"\n',
    'instruction.md': 'Nothing.',
    'proctor.toml': `environment = "shell"\n[verify]\nby = "state"\n[[verify.must]]\nname = "counted"\ncheck = '''state["/home/agent/work/n"].size > 3'''\n`,
  });

/** A program and what it has said on stderr so far. */
function followed(args: string[]): Started & { said(): string } {
  const started = startProctor(args);
  let said = '';
  started.process.stderr?.on('data', (chunk: string) => {
    said += chunk;
  });
  onTestFinished(() => void started.process.kill('SIGKILL'));
  return { ...started, said: () => said };
}

describe.skipIf(!postgres)(`who follows a queued run${postgresNote}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const begin = async (...flags: string[]) => {
    const queue = await server.database();
    const out = temporaryFolder();
    const following = followed([
      ...['run', task(), '--agent', 'nop', '--sandbox', 'embedded', '--out', out, '-n', '2'],
      ...['--queue', queue, '--store', join(out, 'store'), ...flags],
    ]);
    const begun = () => readdirSync(out).find((name) => existsSync(join(out, name, 'run.json'))) ?? '';
    while (begun() === '') {
      expect(following.process.exitCode, following.said()).toBeNull();
      await sleep(100);
    }
    return { queue, out, following, run: begun() };
  };
  const saying = ({ said }: { said(): string }, what: string) =>
    vi.waitFor(() => expect(said()).toContain(what), { timeout: 60_000, interval: 100 });

  it('is told in a line when the database goes and when it is back, and ends at Ctrl-C while it is gone', async () => {
    const { queue, out, following, run } = await begin();
    await saying(following, 'no worker is here; start one with: proctor worker --queue');
    server.halt();
    await saying(following, 'no PostgreSQL server answers there; waiting for it');
    await sleep(2_000);
    server.start();
    await saying(following, 'answers again');
    server.halt();
    await vi.waitFor(() => expect(following.said().match(/waiting for it/g)).toHaveLength(2), {
      timeout: 60_000,
    });
    following.process.kill('SIGINT');
    const ended = await following.finished;
    server.start();
    expect(ended.code).toBe(130);
    expect(ended.stderr.match(/waiting for it\n/g)).toHaveLength(2);
    expect(ended.stderr.match(/answers again\n/g)).toHaveLength(1);
    expect(ended.stderr).toMatch(new RegExp(`could not be cancelled.*proctor attach ${run} --queue`));

    expect(await proctor(['resume', run, '--out', out])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`go on with: proctor attach ${run} --queue`),
    });
    const attached = followed(['attach', run, '--queue', queue, '--out', out]);
    await saying(attached, 'no worker is here');
    attached.process.kill('SIGINT');
    expect(await attached.finished).toMatchObject({
      code: 130,
      stderr: expect.stringContaining(`${run} goes on without being followed`),
    });
    expect(await proctor(['cancel', run, '--queue', queue])).toMatchObject({
      stdout: `${run}: 2 trials cancelled\n`,
    });
    expect(await proctor(['cancel', run, '--queue', queue])).toMatchObject({
      stdout: `${run} had ended: it was cancelled\n`,
    });
    expect(await proctor(['attach', `${run}x`, '--queue', queue])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`did you mean "${run}"?`),
    });
  }, 180_000);

  it('is told what no worker offers, as the worker tells too, and cancels the run by Ctrl-C', async () => {
    const { queue, following } = await begin('--labels', 'gpu');
    const worker = followed(['worker', '--queue', queue, '--sandbox', 'embedded']);
    await saying(worker, 'waits for trials');
    await saying(following, 'waiting: none of 1 worker here offers label:gpu');
    await saying(worker, 'left to other workers: it needs label:gpu');
    server.halt();
    await saying(worker, 'trials under way go on while their leases last');
    await sleep(2_000);
    server.start();
    await saying(worker, 'answers again');
    await saying(following, 'answers again');
    const count = (what: RegExp) => worker.said().match(what)?.length;
    expect([/it needs/g, /no PostgreSQL server/g, /answers again/g].map(count)).toEqual([1, 1, 1]);
    following.process.kill('SIGINT');
    expect(await following.finished).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(
        /and 1 other: cancelled: its starter was stopped\n2 planned = 0 committed/,
      ),
    });
  }, 120_000);
});
