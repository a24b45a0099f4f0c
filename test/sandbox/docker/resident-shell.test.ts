import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ProctorError } from '../../../src/errors.ts';
import { ContainerInit } from '../../../src/sandbox/docker/container-init.ts';
import { ResidentShell } from '../../../src/sandbox/docker/resident-shell.ts';
import { type Program, Supervisor } from './supervisor.ts';
import { answeringInit } from './wire.ts';

/** A shell in a container whose supervisors run `program`, and whose main process kills what it is told to. */
function shellOf(program: Program, onStart: (supervisor: Supervisor) => void = () => {}) {
  const supervisors: Supervisor[] = [];
  const wire = answeringInit((line) => {
    if (line.startsWith('kill -KILL -')) supervisors.at(-1)?.kill();
    return [];
  });
  const init = new ContainerInit(wire.channel);
  const shell = new ResidentShell({
    start: async () => {
      if (wire.channel.isClosed) throw new Error('no such container');
      const supervisor = new Supervisor(program, 100 * (supervisors.length + 1));
      supervisors.push(supervisor);
      onStart(supervisor);
      return supervisor.channel;
    },
    init,
    workdir: '/work',
    initialExports: 'export GIVEN=1; ',
    keepsState: true,
    broken: async () =>
      wire.channel.isClosed ? new ProctorError('sandbox-broken', 'its main process ended') : undefined,
  });
  /** The lines that put the shells into their states. */
  const preparations = () =>
    supervisors.flatMap(({ lines }) => lines.filter((line) => line.startsWith('exec 9>&1')));
  return { shell, supervisors, wire, preparations };
}

const echoing: Program = (command, print) => {
  print('stdout', command);
  return 0;
};

/** Prints, and runs on until it is killed. */
const hanging: Program = (command, print) => {
  if (command !== 'hang') return echoing(command, print);
  print('stdout', 'so far');
  return undefined;
};

it('starts in the working directory with the variables given, and carries the state over', async () => {
  const { shell, supervisors, preparations } = shellOf(echoing);
  const first = await shell.run('one', {});
  expect([first.stdout.toString(), first.exitCode, first.timedOut]).toEqual(['one', 0, false]);
  await shell.run('two', {});
  expect(supervisors).toHaveLength(1);
  expect(preparations()[0]).toMatch(/^exec 9>&1 8>&2; cd '\/work' .*export GIVEN=1/);
  expect(preparations()[1]).toMatch(/KEPT=/);
});

it('does not carry variables over that were given for one command', async () => {
  const { shell, supervisors, preparations } = shellOf(echoing);
  await shell.run('one', { env: { ONCE: 'a b' } });
  await shell.run('two', {});
  expect(supervisors[0]?.lines).toContain("export ONCE='a b'; set -- 'one'");
  expect(preparations()[1]).not.toMatch(/KEPT=/);
});

it('kills the process group of a command that is late, and returns what it printed', async () => {
  const { shell, wire } = shellOf(hanging);
  const late = await shell.run('hang', { timeoutMs: 20 });
  expect(wire.lines).toContain('kill -KILL -100 2>/dev/null');
  expect(late).toMatchObject({ timedOut: true, captureCut: false, exitCode: 137 });
  expect(late.stdout.toString()).toBe('so far');
  expect((await shell.run('next', {})).stdout.toString()).toBe('next');
});

it('kills a command whose output is longer than what is kept', async () => {
  const { shell, wire } = shellOf((_, print) => {
    print('stdout', 'x'.repeat(1_000));
    return undefined;
  });
  const cut = await shell.run('flood', { captureBytes: 400 });
  expect(wire.lines).toContain('kill -KILL -100 2>/dev/null');
  expect(cut).toMatchObject({ timedOut: false, captureCut: true, exitCode: 137 });
  expect(cut.stdout.length).toBe(400);
});

it('lets a command end whose further output is to be dropped', async () => {
  const { shell, wire } = shellOf((_, print) => {
    print('stdout', 'x'.repeat(1_000));
    return 0;
  });
  const cut = await shell.run('flood', { captureBytes: 400, dropsExcess: true });
  expect(wire.lines).not.toContain('kill -KILL -100 2>/dev/null');
  expect(cut).toMatchObject({ captureCut: true, exitCode: 0 });
});

it('kills a command that its caller aborts', async () => {
  const { shell, wire } = shellOf(hanging);
  const caller = new AbortController();
  const running = shell.run('hang', { signal: caller.signal });
  setTimeout(() => caller.abort(), 10);
  await expect(running).rejects.toMatchObject({ code: 'interrupted' });
  expect(wire.lines).toContain('kill -KILL -100 2>/dev/null');
  await expect(shell.run('never', { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'interrupted',
  });
});

it('starts again where the stream was lost, in the state that it had', async () => {
  const { shell, supervisors, preparations } = shellOf(hanging);
  await shell.run('one', {});
  const running = shell.run('hang', {});
  await expect.poll(() => supervisors[0]?.lines.some((line) => line.includes("'hang'"))).toBe(true);
  supervisors[0]?.close();
  expect(await running).toMatchObject({ exitCode: 137, timedOut: false });
  expect((await shell.run('next', {})).stdout.toString()).toBe('next');
  expect(supervisors).toHaveLength(2);
  expect(preparations().at(-2)).toMatch(/KEPT=/);
});

it('fails as broken where the container’s main process is gone', async () => {
  const { shell, supervisors, wire } = shellOf(hanging);
  const running = shell.run('hang', {});
  await expect.poll(() => supervisors[0]?.lines.some((line) => line.includes("'hang'"))).toBe(true);
  supervisors[0]?.close();
  wire.close();
  await expect(running).rejects.toMatchObject({ code: 'sandbox-broken' });
  await expect(shell.run('next', {})).rejects.toMatchObject({ code: 'sandbox-broken' });
});

it('gives up, having killed everything, where no shell starts any more', async () => {
  const { shell, wire } = shellOf(echoing, (supervisor) => supervisor.close());
  await expect(shell.run('x', {})).rejects.toMatchObject({
    code: 'sandbox-broken',
    message: 'No shell can be started in the sandbox any more.',
  });
  expect(wire.lines.filter((line) => line.includes('kill -KILL -1 '))).toHaveLength(2);
});

it('leaves no listener on the signal, even where the command cannot be killed', async () => {
  const { shell, supervisors } = shellOf(hanging);
  const { signal } = new AbortController();
  await shell.run('one', { signal });
  const running = shell.run('hang', { signal, timeoutMs: 10 });
  await new Promise<void>((killed) => {
    for (const supervisor of supervisors) supervisor.kill = () => killed();
  });
  await nextTurn();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  supervisors[0]?.report('gone 2 137');
  expect((await running).timedOut).toBe(true);
});
