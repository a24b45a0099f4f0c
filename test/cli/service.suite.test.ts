import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connectEngine } from '../../src/sandbox/docker/engine.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { engine, engineNote } from '../engine.ts';
import { temporaryFolder } from '../folder.ts';
import { proctor, startProctor } from './proctor.ts';

const docker = connectEngine();

/** What of services a run has on the engine. */
async function onEngine(run: string): Promise<number> {
  const filters = { label: [`proctor.run=${run}`, 'proctor.role=service'] };
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters: filters as never }),
  ]);
  return containers.length + networks.length + (Volumes ?? []).length;
}

const eventsIn = (dir: string) => [...openTrace(dir).events];

describe.skipIf(!engine)(`a task with a database and a web service beside it${engineNote}`, () => {
  const madeTask = () => {
    const task = join(temporaryFolder(), 'services');
    cpSync('test/harbor/field/services', task, { recursive: true });
    writeFileSync(
      join(task, 'reference.json'),
      JSON.stringify([
        {
          tool: 'bash',
          arguments: {
            command:
              "exec 3<>/dev/tcp/web/8080; printf 'PUT /orders/7 HTTP/1.0\\r\\ncontent-length: 4\\r\\n\\r\\npaid' >&3; cat <&3",
          },
        },
        { tool: 'submit', arguments: {} },
      ]),
    );
    return task;
  };

  it('runs, is verified while they live, and comes out alike when it is replayed', async () => {
    const [out, task] = [temporaryFolder(), madeTask()];
    const { code, stdout } = await proctor(['run', task, '-a', 'oracle', '--out', out]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/oracle +submitted +1\.00 .*none in/)]);
    const again = await proctor(['replay', 'last', '--out', out]);
    expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/^identical: 2 steps/m)]);
  }, 180_000);

  it('leaves nothing on the engine once it was killed and the next command cleaned up', async () => {
    const [out, task] = [temporaryFolder(), madeTask()];
    mkdirSync(join(task, 'agents'));
    writeFileSync(
      join(task, 'agents', 'slow.json'),
      JSON.stringify([{ tool: 'bash', arguments: { command: 'sleep 100' } }]),
    );
    const { process, finished } = startProctor(['run', task, '-a', 'scripted:slow', '--out', out]);
    const begun = () =>
      readdirSync(out).find((run) =>
        readdirSync(join(out, run), { withFileTypes: true }).some(
          (one) =>
            one.isDirectory() &&
            one.name !== 'bodies' &&
            eventsIn(join(out, run, one.name)).some(({ type }) => type === 'tool.called'),
        ),
      );
    let run: string | undefined;
    for (let tries = 0; tries < 300 && run === undefined; tries++) {
      await sleep(200);
      run = begun();
    }
    expect(await onEngine(run ?? '')).toBeGreaterThan(5);
    process.kill('SIGKILL');
    await finished;
    await proctor(['clean']);
    expect(await onEngine(run ?? '')).toBe(0);
  }, 180_000);
});
