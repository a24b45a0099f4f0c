import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerProvider } from '../../../src/sandbox/docker/provider.ts';
import type { Sandbox, SandboxProvider } from '../../../src/sandbox/sandbox.ts';
import { programsNote, tellsPrograms } from '../../started-programs.ts';
import { specOf } from './spec.ts';

describe.runIf(tellsPrograms)(`programs that are started in a sandbox${programsNote}`, () => {
  let provider: SandboxProvider;
  let sandbox: Sandbox;
  beforeAll(async () => {
    provider = dockerProvider({ runId: 'watch', poolSize: 0 });
    sandbox = await provider.open(specOf());
    await sandbox.watchPrograms?.();
  });
  afterAll(async () => {
    await sandbox?.close();
    await provider?.close();
  });

  /** What a script starts, run as a program that is watched. */
  const startedBy = async (script: string) => {
    const { exited } = await sandbox.spawn(['sh', '-c', '"$@"', 'sh', 'bash', '-c', script], {
      watched: true,
    });
    await exited;
    return sandbox.startedPrograms?.();
  };

  test('are all told, however short they live and however they detach themselves, with who started them', async () => {
    const told = await startedBy(
      'for i in $(seq 300); do /bin/true $i; done; (setsid sh -c "/bin/true left & exit" &); sleep 0.2; /bin/echo over',
    );
    const programs = told?.programs ?? [];
    expect([told?.lost, told?.more]).toEqual([0, {}]);
    const [shell] = programs;
    expect(shell).toMatchObject({ by: 0, uid: 1000, args: ['bash', '-c', expect.any(String)] });
    const trues = programs.filter(({ args }) => args[0] === '/bin/true');
    expect(trues.map(({ args }) => args[1])).toEqual([
      ...Array.from({ length: 300 }, (_, i) => `${i + 1}`),
      'left',
    ]);
    expect(new Set(trues.slice(0, 300).map(({ by }) => by))).toEqual(new Set([shell?.id]));
    const detached = programs.find(({ args }) => args[0] === 'sh');
    expect(trues.at(-1)).toMatchObject({ by: detached?.id, ppid: detached?.pid });
    expect(Date.parse(programs.at(-1)?.at ?? '') - Date.parse(shell?.at ?? '')).toBeGreaterThanOrEqual(200);
  });

  test('are told with all of their arguments, and without what the harness runs there', async () => {
    await sandbox.exec('/bin/true harness', { as: 'harness' });
    const told = await startedBy('/bin/echo "$(printf %100000s end)" | wc -c');
    await sandbox.exec('/bin/true later', { as: 'harness' });
    const words = told?.programs.map(({ args }) => args);
    expect(words?.map(([name]) => name).sort()).toEqual(['/bin/echo', 'bash', 'wc']);
    const [, long = ''] = words?.find(([name]) => name === '/bin/echo') ?? [];
    expect([long.length, long.trim()]).toEqual([100_000, 'end']);
    expect((await sandbox.startedPrograms?.())?.programs).toEqual([]);
  });
});
