import { expect, it } from 'vitest';
import { ContainerInit } from '../../../src/sandbox/docker/container-init.ts';
import { answeringInit, Wire } from './wire.ts';

/** The id and nonce with which a program that was started by a line reports its end. */
const programOf = (line: string) => /'%s end (\d+)\\n' (\w+)/.exec(line)?.slice(1) ?? [];

it('answers questions, in whatever order the answers come', async () => {
  const wire = new Wire();
  const init = new ContainerInit(wire.channel);
  const asked = Promise.all([init.groupLives(7), init.groupLives(8), init.count()]);
  const ids = wire.lines.map((line) => /'%s answer (\d+)%s\\n' (\w+)/.exec(line) ?? []);
  for (const [index, [, id, nonce]] of [...ids.entries()].reverse()) {
    wire.print('stderr', `${nonce} answer ${id} ${index + 1}\n`);
  }
  expect(await asked).toEqual([true, false, 3]);
});

it('returns what a program printed, while it still takes questions', async () => {
  const wire = answeringInit(() => [42]);
  const init = new ContainerInit(wire.channel);
  const output = init.run('cat file', 5_000);
  await init.ping(1_000);
  const [id, nonce] = wire.lines.map(programOf).find(([id]) => id !== undefined) ?? [];
  wire.print('stdout', 'some bytes');
  wire.print('stdout', ` more${nonce} end ${id}\n`);
  expect((await output).toString()).toBe('some bytes more');
});

it('kills a program that is late, and runs the next one', async () => {
  const wire = answeringInit(() => [42]);
  const init = new ContainerInit(wire.channel);
  await expect(init.run('sleep 60', 50)).rejects.toMatchObject({
    code: 'sandbox-failed',
    message: 'The sandbox did not answer the harness within 50 ms.',
  });
  expect(wire.lines).toContain('kill -KILL 42 2>/dev/null');
  const next = init.run('true', 5_000);
  await init.ping(1_000);
  const [id, nonce] = programOf(wire.lines.findLast((line) => line.includes('true')) ?? '');
  wire.print('stdout', `late output of the first${nonce} end 1\n${nonce} end ${id}\n`);
  expect((await next).toString()).toBe('late output of the first');
});

it('kills in rounds until it is the only process', async () => {
  const left = [5, 3, 1];
  const wire = answeringInit(() => [left.shift() ?? 0]);
  await new ContainerInit(wire.channel).killAll();
  expect([left, wire.lines.length]).toEqual([[], 3]);
});

it('counts missing directories over all its questions', async () => {
  const wire = answeringInit((line) => (line.includes('/d16') ? [0, 2] : [15]));
  const paths = Array.from({ length: 20 }, (_, index) => `'/d${index}'`);
  expect(await new ContainerInit(wire.channel).missingDirectories(paths)).toEqual([15, 16, 18]);
});

it('gives up at once on everything when its process is gone', async () => {
  const wire = new Wire();
  const init = new ContainerInit(wire.channel);
  const [alive, output] = [init.ping(60_000), init.run('cat file', 60_000)];
  wire.close();
  expect(await alive).toBe(false);
  await expect(output).rejects.toMatchObject({ code: 'sandbox-failed' });
  expect([await init.ping(60_000), await init.count()]).toEqual([false, 0]);
  await init.killAll();
});
