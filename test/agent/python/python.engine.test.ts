import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { programSettings } from '../../../src/agent/program-arguments.ts';
import { pythonAgent } from '../../../src/agent/python/python.ts';
import { folderOf, temporaryFolder } from '../../folder.ts';
import { brief, decide, firstView, viewAfter } from '../view.ts';

const folder = import.meta.dirname;
const faulty = (how: string) =>
  pythonAgent('fixture/faulty.py', programSettings([`how=${how}`], folder)).open(brief);

/** A process that was killed may stand in the list until its new parent looks. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

it('decides over lines, with its arguments', async () => {
  const agent = pythonAgent('example/agent.py', programSettings(['command=pwd'], folder));
  await agent.check?.([]);
  const session = await agent.open(brief);
  const first = await decide(session, firstView);
  expect(first.calls).toEqual([{ tool: 'bash', arguments: { command: 'pwd' } }]);
  const second = await decide(session, viewAfter(firstView, first, ['/home']));
  expect(second.calls).toEqual([{ tool: 'submit', arguments: { answer: 'done' } }]);
  await session.close();
});

it.each([
  [
    'crashes',
    'agent py:fixture/faulty.py ended with exit code 1 before it answered: RuntimeError: out of ideas',
  ],
  [
    'prints',
    'printed to stdout what is no answer: "let me think"; expected one line of JSON for each decide',
  ],
  ['gives_up', 'agent py:fixture/faulty.py gave up with an error: no model answers'],
])('where it %s, one line says what it did', async (how, message) => {
  const session = await faulty(how);
  await expect(decide(session, firstView)).rejects.toThrow(message);
  await session.close();
});

it('is killed with all that it started, whatever it does', async () => {
  const file = join(temporaryFolder(), 'pids');
  const session = await faulty('hangs');
  const decided = decide(session, { ...firstView, instruction: file });
  const ended = expect(decided).rejects.toThrow('before it answered');
  let pids: number[] = [];
  while (pids.length < 2 || pids.includes(0)) {
    await sleep(20);
    pids = await Promise.resolve()
      .then(() => readFileSync(file, 'utf8').split(' ').map(Number))
      .catch(() => []);
  }
  expect(pids.map(isRunning)).toEqual([true, true]);
  await session.close();
  await ended;
  await expect.poll(() => pids.map(isRunning), { timeout: 5000 }).toEqual([false, false]);
}, 15_000);

it('a file that is no Python, or not there, is said before anything runs', async () => {
  const dir = folderOf({ 'broken.py': 'x = 1\ndef f(:\n' });
  const settings = programSettings([], dir);
  await expect(pythonAgent('broken.py', settings).check?.([])).rejects.toThrow(
    `agent py:broken.py: ${dir}/broken.py:2: SyntaxError: invalid syntax; expected Python`,
  );
  expect(() => pythonAgent('none.py', settings)).toThrow(`agent py:none.py: there is no file ${dir}/none.py`);
});
