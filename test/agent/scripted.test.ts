import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedAgent } from '../../src/agent/scripted.ts';
import { taskFolder } from './task-folder.ts';
import { decide, firstView, viewAfter } from './view.ts';

const look = { say: 'I look.', tool: 'bash', arguments: { command: 'ls' } };
const both = { calls: [{ tool: 'bash', arguments: { command: 'a' } }, { tool: 'submit' }] };

/** An open session of an agent that plays these steps. */
async function playing(...steps: unknown[]) {
  return scriptedAgent('careful').open(await taskFolder({ 'agents/careful.json': steps }));
}

describe('a scripted agent', () => {
  it('plays the step that the view has come to, and then stops as done', async () => {
    const session = await playing(look, both);
    const first = await decide(session, firstView);
    expect(first).toEqual({ text: 'I look.', calls: [{ tool: 'bash', arguments: { command: 'ls' } }] });
    const second = viewAfter(firstView, first, ['x']);
    const last = await decide(session, second);
    expect(last.calls).toEqual([
      { tool: 'bash', arguments: { command: 'a' } },
      { tool: 'submit', arguments: {} },
    ]);
    expect(await decide(session, viewAfter(second, last, []))).toEqual({ calls: [], stop: 'done' });
    expect(await decide(session, firstView)).toEqual(first);
  });

  it('plays one file for every task', async () => {
    const { task } = await taskFolder({ 'mine.json': [look] });
    const agent = scriptedAgent(join(task.dir, 'mine.json'));
    await agent.check?.([]);
    const session = await agent.open(await taskFolder({}));
    expect(await decide(session, firstView)).toMatchObject({ text: 'I look.' });
  });

  it('lists the scripts there are where the one it was named is missing', async () => {
    const brief = await taskFolder({ 'agents/b.json': [], 'agents/a.json': [], 'agents/README.md': '' });
    await expect(scriptedAgent('a').check?.([brief.task])).resolves.toBeUndefined();
    await expect(scriptedAgent('careles').check?.([brief.task])).rejects.toThrow('careles');
    await expect(scriptedAgent('careles').open(brief)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/no script 'careles' in .*agents; there is a, b$/),
    });
    await expect(scriptedAgent(join(brief.task.dir, 'gone.json')).check?.([])).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it.each([
    ['no array', { tool: 'bash' }, /array/],
    ['no tool', [look, { arguments: {} }], /\[1\]\.tool/],
    ['an unknown key', [{ tool: 'bash', args: {} }], /\[0\].*args/],
    ['a bad call among several', [look, { calls: [{ tool: 7 }] }], /\[1\]\.calls\[0\]\.tool.*string/],
    ['no JSON', '[{"tool": ', /careful\.json:1: not valid JSON/],
    ['a bad pattern', [look, { tool: 'a', arguments: { x: '{{observed:(}}' } }], /\[1\].*regular expression/],
  ])('names file, step and what was expected, given %s', async (_, script, expected) => {
    const brief = await taskFolder({ 'agents/careful.json': script });
    await expect(scriptedAgent('careful').open(brief)).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(expected),
    });
    await expect(scriptedAgent('careful').open(brief)).rejects.toThrow('careful.json');
  });
});

describe('{{observed:…}}', () => {
  const uses = (text: string) =>
    playing(look, look, { tool: 'bash', arguments: { deep: [{ command: text }] } });
  const shown = (...texts: string[]) =>
    texts.reduce((view, text) => viewAfter(view, { calls: [look] }, [text]), firstView);
  const filled = (command: string) => ({ calls: [{ tool: 'bash', arguments: { deep: [{ command }] } }] });

  it('stands for the latest match over what was shown', async () => {
    const session = await uses('close {{observed:ticket (\\d{2,})}}, {{observed:T-\\d+}}');
    const view = shown('ticket 11 is T-5', 'ticket 22, ticket 33 and ticket 4');
    expect(await decide(session, view)).toEqual(filled('close 33, T-5'));
  });

  it('may end with a brace of the pattern', async () => {
    const session = await uses('{{observed:\\d{3}}}!');
    expect(await decide(session, shown('12', '4567'))).toEqual(filled('456!'));
  });

  it('makes the agent crash where nothing matches', async () => {
    const session = await uses('{{observed:ticket (\\d+)}}');
    await expect(decide(session, shown('nothing', 'here'))).rejects.toThrow(
      'step 2 of the script: nothing observed matches {{observed:ticket (\\d+)}}',
    );
  });
});
