import { expect, it } from 'vitest';
import { ShellStream } from '../../../src/sandbox/docker/shell-stream.ts';
import { OutputCapture } from '../../../src/sandbox/output-capture.ts';
import { type Program, Supervisor } from './supervisor.ts';

const capture = () => new OutputCapture(1_000, () => {});
const runsOn: Program = () => undefined;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A stream with a shell that is ready for its command. */
async function ready(program: Program) {
  const supervisor = new Supervisor(program);
  const stream = new ShellStream(supervisor.channel);
  const pid = await stream.prepare(await stream.initial, '/work');
  return { supervisor, stream, pid };
}

it('reports the process of the waiting shell, the output of its command and the state after it', async () => {
  const { stream, pid } = await ready((command, print) => {
    print('stdout', `ran ${command}`);
    print('stderr', 'no line break');
    return 3;
  });
  const output = capture();
  const end = await stream.run('the command', {}, output);
  expect(pid).toBe(100);
  expect(end.exitCode).toBe(3);
  expect([end.state?.directory, [...(end.state?.variables.keys() ?? [])]]).toEqual([
    '/work',
    ['PATH', 'KEPT'],
  ]);
  const { stdout, stderr } = output.result();
  expect([stdout.toString(), stderr.toString()]).toEqual(['ran the command', 'no line break']);
});

it('unsets what the supervisor’s own variables would give to every command', async () => {
  const { supervisor } = await ready(runsOn);
  expect(supervisor.lines[1]).toBe('unset  LC_ALL');
});

it('ends a command only when its end was reported on both streams', async () => {
  const { supervisor, stream } = await ready(runsOn);
  let hasEnded = false;
  const output = capture();
  const ended = stream.run('x', {}, output).finally(() => {
    hasEnded = true;
  });
  supervisor.report('exit 0', ['stdout']);
  await turn();
  expect(hasEnded).toBe(false);
  supervisor.print('stderr', 'late error');
  supervisor.report('exit 0', ['stderr']);
  expect((await ended).exitCode).toBe(0);
  expect(output.result().stderr.toString()).toBe('late error');
});

it('ends a command whose shell was killed with the code that its supervisor reports, and without a state', async () => {
  const { supervisor, stream } = await ready(runsOn);
  const ended = stream.run('x', {}, capture());
  supervisor.kill(137);
  expect(await ended).toEqual({ exitCode: 137 });
  await stream.gone();
});

it('takes neither the end nor the output of a former shell for those of the next', async () => {
  const { supervisor, stream } = await ready(() => 0);
  const first = capture();
  const { state } = await stream.run('x', {}, first);
  await stream.gone();
  supervisor.print('stdout', 'from the background');
  await turn();
  expect(first.result().stdout.toString()).toBe('');
  await stream.prepare(state ?? (await stream.initial), '/work');
  supervisor.report('gone 1 0');
  expect((await stream.run('y', {}, capture())).exitCode).toBe(0);
});

it('ends everything without an exit code when the stream is lost', async () => {
  const { supervisor, stream } = await ready(runsOn);
  const ended = stream.run('x', {}, capture());
  supervisor.close();
  expect(await ended).toEqual({ exitCode: null });
  await stream.gone();
  expect(await stream.prepare(await stream.initial, '/work')).toBeNull();
  expect(await stream.run('y', {}, capture())).toEqual({ exitCode: null });
});

it('is lost before it was ready where its supervisor ends at once', async () => {
  const supervisor = new Supervisor(runsOn);
  const stream = new ShellStream(supervisor.channel);
  supervisor.close();
  expect(await stream.prepare(await stream.initial, '/work')).toBeNull();
});
