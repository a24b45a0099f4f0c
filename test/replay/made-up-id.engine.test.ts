import { describe, expect, it } from 'vitest';
import type { Agent, AgentDecision } from '../../src/agent/agent.ts';
import { loadEnvironment } from '../../src/environment/load.ts';
import { forkTrial } from '../../src/replay/fork.ts';
import { textOf } from '../../src/schema/content.ts';
import type { View } from '../../src/schema/view.ts';
import { foldTrial } from '../../src/trace/fold.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { folderOf } from '../folder.ts';
import { executeRun, record, replay, taskOf } from './made.ts';

/** A list of tasks in a file. Each task has an id and a time that the server makes up; one that is unknown is refused. */
const tasks = `
import { randomUUID } from 'node:crypto';
const file = '/home/agent/work/tasks.json';
export default ({ sandbox }) => {
  let all = [];
  const keep = () => sandbox.files.write([{ path: file, content: Buffer.from(JSON.stringify(all)) }]);
  const find = (id) => {
    const found = all.find((one) => one.id === id);
    if (!found) throw new Error('no task ' + id);
    return found;
  };
  const tool = (name, input, call) => ({ name, description: name, input: { type: 'object', properties: input }, call });
  return {
    tools: [
      tool('add', { title: { type: 'string' } }, async ({ title }) => {
        all.push({ id: randomUUID(), short: 't' + Math.random().toString(36).slice(2, 9), title, made: new Date().toLocaleString('en-US') });
        await keep();
        return all.at(-1);
      }),
      tool('finish', { id: { type: 'string' }, short: { type: 'string' } }, async ({ id, short }) => {
        if (find(id).short !== short) throw new Error('no task ' + short);
        find(id).done = true;
        await keep();
        return 'finished ' + id;
      }),
      tool('list', {}, () => all),
    ],
  };
};
`;

const environment = `
name = "tasks"
description = "Tasks."
image = "shell"
workdir = "/home/agent/work"
builtin = ["bash"]

[[servers]]
name = "tasks"
placement = "host"
module = "tasks.js"

[state]
paths = ["/home/agent/work"]
`;

const said = (view: View, step: number) => textOf(view.steps[step]?.observations[0]?.content ?? []);

/** Decides one step after the other, with what was seen in the first. */
function agentOf(
  id: string,
  decide: ((task: { id: string; short: string }) => AgentDecision['calls'][number])[],
): Agent {
  return {
    id,
    open: async () => ({
      decide: async (view) => {
        const first = view.steps.length === 0 ? { id: '', short: '' } : JSON.parse(said(view, 0));
        const call = decide[view.steps.length]?.(first);
        return { calls: call ? [call] : [{ tool: 'submit', arguments: { answer: 'done' } }] };
      },
      close: async () => {},
    }),
  };
}

const add = () => ({ tool: 'add', arguments: { title: 'read' } });
const finish = ({ id, short }: { id: string; short: string }) => ({
  tool: 'finish',
  arguments: { id, short },
});
const list = () => ({ tool: 'list', arguments: {} });
const look = () => ({ tool: 'bash', arguments: { command: 'cat tasks.json' } });
const worker = agentOf('worker', [add, finish, list, look]);

const recorded = () =>
  record(taskOf({ scripts: {}, environment: 'tasks' }), worker, undefined, [
    folderOf({ 'tasks/environment.toml': environment, 'tasks/tasks.js': tasks }),
  ]);

describe('a server that makes up ids', () => {
  it('is replayed with those of the replay in later arguments, times in its file aside', async () => {
    const recording = await recorded();
    const [again] = await replay(recording);
    expect(again?.difference).toBeUndefined();
    expect(again).toMatchObject({ verdict: 'equivalent', steps: 5 });
    expect(again?.masks).toContain('made-up id');
  });

  it('is forked from the middle, where the next agent finds what was made this time', async () => {
    const { recording, reloaded } = await recorded();
    const fork = { steps: 2, agent: agentOf('other', [add, finish, finish, list]), despiteDivergence: false };
    const edits = { shown: new Map(), notices: new Map() };
    const { traceOf } = await executeRun([
      forkTrial(recording, reloaded, { id: 'fork', attempt: 1 }, { ...fork, edits }),
    ]);
    const { events, bodies } = openTrace(traceOf('fork'));
    const trial = foldTrial(events, bodies);
    expect(trial.outcome).toBe('submitted');
    const of = (step: number) => textOf(bodies.content(trial.steps[step]?.calls[0]?.returned?.content ?? []));
    const { id } = JSON.parse(of(0));
    expect([of(1), of(2)]).toEqual([`finished ${id}`, `finished ${id}`]);
    const before = textOf(
      recording.bodies.content(recording.trial.steps[0]?.calls[0]?.returned?.content ?? []),
    );
    expect(JSON.parse(before).id).not.toBe(id);
  });

  it('that answers otherwise is still found out', async () => {
    const recording = await recorded();
    const changed = folderOf({
      'tasks/environment.toml': environment,
      'tasks/tasks.js': tasks.replace("'finished '", "'left '"),
    });
    const reloaded = { ...recording.reloaded, environment: loadEnvironment('tasks', { roots: [changed] }) };
    const [again] = await replay({ ...recording, reloaded });
    expect(again).toMatchObject({ verdict: 'diverged', difference: { step: 1, what: 'observation' } });
  });
});
