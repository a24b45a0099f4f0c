import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/trace/chain.ts';
import { foldTrial } from '../../src/trace/fold.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { engine, engineNote } from '../engine.ts';
import { temporaryFolder } from '../folder.ts';
import { containersOf } from './container.ts';
import { proctor, startProctor } from './proctor.ts';
import { commands, taskFolder } from './task-folder.ts';

const slow = (changes: Record<string, string> = {}) =>
  taskFolder({
    'agents/slow.json': commands(...Array.from({ length: 30 }, (_, i) => `echo ${i}; sleep 1`)),
    ...changes,
  });

/** Traces below `out` that have a first step. */
function begun(out: string): string[] {
  return readdirSync(out).flatMap((run) =>
    readdirSync(join(out, run), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'bodies')
      .map((entry) => join(out, run, entry.name))
      .filter((dir) => [...openTrace(dir).events].some((event) => event.type === 'tool.returned')),
  );
}

async function untilBegun(out: string): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    const [dir] = begun(out);
    if (dir) return dir;
    await sleep(200);
  }
  throw new Error('no trial began within a minute');
}

const startSlowRun = (sandbox: string, out: string) =>
  startProctor(['run', slow(), '-a', 'scripted:slow', '--sandbox', sandbox, '--out', out]);

describe.each(['docker', 'embedded'])('a run on %s', (sandbox) => {
  const where = sandbox === 'docker' ? engineNote : '';
  const skip = sandbox === 'docker' && !engine;

  it.skipIf(skip)(
    `that is killed leaves traces that read back, and the next command removes its sandboxes${where}`,
    async () => {
      const out = temporaryFolder();
      const { process, finished } = startSlowRun(sandbox, out);
      const dir = await untilBegun(out);
      process.kill('SIGKILL');
      await finished;
      expect(verifyChain(dir).events).toBeGreaterThan(5);
      const trace = openTrace(dir);
      expect(foldTrial(trace.events, trace.bodies)).toMatchObject({
        steps: expect.arrayContaining([expect.objectContaining({ index: 0 })]),
      });
      expect((await proctor(['show', 'last', '--out', out])).stdout).toContain('cut off after');
      if (sandbox !== 'docker') return;
      await proctor(['clean']);
      expect((await proctor(['clean'])).stdout).toContain('nothing was left behind');
    },
    120_000,
  );

  it.skipIf(skip)(
    `that is interrupted ends its trials, reports what there is, and leaves nothing${where}`,
    async () => {
      const out = temporaryFolder();
      const { process, finished } = startSlowRun(sandbox, out);
      const dir = await untilBegun(out);
      process.kill('SIGINT');
      const { code, stdout, stderr } = await finished;
      expect(code).toBe(130);
      expect(stdout).toContain('aborted');
      expect(stderr).toContain('stopping');
      expect([...openTrace(dir).events].at(-1)).toMatchObject({ type: 'trial.ended', outcome: 'aborted' });
      if (sandbox === 'docker')
        expect((await proctor(['clean'])).stdout).toContain('nothing was left behind');
    },
    120_000,
  );
});

it.skipIf(!engine)(
  `a run with gateways that is killed leaves neither them nor a network${engineNote}`,
  async () => {
    const out = temporaryFolder();
    const networks = await new Docker().listNetworks();
    const task = slow({ 'proctor.toml': 'environment = "shell"\nnetwork = "sink"\n' });
    const run = ['run', task, '-a', 'scripted:slow', '--sandbox', 'docker', '--out', out];
    const { process, finished } = startProctor(run);
    const dir = await untilBegun(out);
    const id = basename(dirname(dir));
    expect((await containersOf(id)).some((name) => name.includes('gateway'))).toBe(true);
    process.kill('SIGKILL');
    await finished;
    await proctor(['clean']);
    expect(await containersOf(id)).toEqual([]);
    expect((await new Docker().listNetworks()).length).toBe(networks.length);
  },
  120_000,
);

describe.skipIf(!engine)(`a sandbox that replay was asked to keep${engineNote}`, () => {
  it('outlives later runs, and goes with proctor clean', async () => {
    const out = temporaryFolder();
    const task = taskFolder();
    const onDocker = ['--sandbox', 'docker', '--out', out];
    await proctor(['run', task, '-a', 'oracle', ...onDocker]);
    const kept = await proctor(['replay', 'last', '--out', out, '--to', '0', '--keep']);
    expect(kept.code).toBe(0);
    const name = /docker rm -f -v (\S+),/.exec(kept.stdout)?.[1] ?? '';
    await proctor(['run', task, '-a', 'oracle', ...onDocker]);
    expect((await new Docker().getContainer(name).inspect()).State.Running).toBe(true);
    expect((await proctor(['clean'])).stdout).toMatch(/removed \d+ sandbox/);
    await expect(new Docker().getContainer(name).inspect()).rejects.toThrow(/no such container/i);
  }, 240_000);
});
