import { describe, expect, it } from 'vitest';
import type { AgentDecision, JudgedCall, Performed } from '../../src/agent/agent.ts';
import { act } from '../../src/orchestrator/act.ts';
import { decide } from '../../src/orchestrator/decide.ts';
import { submittedAnswer } from '../../src/orchestrator/live-trial.ts';
import { observe } from '../../src/orchestrator/observe.ts';
import { openTools } from '../../src/orchestrator/provision.ts';
import { textOf } from '../../src/schema/content.ts';
import type { ListedTool } from '../../src/schema/trace-event.ts';
import { type Made, type MadeTrial, made, sessionOf, signal } from './live.ts';

const rule = (decision: string) => `
[[rules]]
id = "no-deletion"
category = "destructive-operation"
message = "Nothing may be deleted."
tool = "bash"
when = 'args.command.startsWith("rm ")'
decision = "${decision}"
`;

const shellTool: ListedTool = {
  name: 'shell',
  server: 'agent',
  placement: 'agent',
  description: 'Runs a command.',
  inputSchema: {},
  declared: {
    effect: 'exec',
    reversible: false,
    scope: 'local',
    privilege: false,
    replay: 'execute',
    repeatable: false,
  },
};

const runs = (...commands: string[]): AgentDecision => ({
  text: 'I run it.',
  calls: commands.map((command) => ({ tool: 'shell', arguments: { command } })),
});

/** A trial whose agent has decided this, and makes its calls itself. */
async function trialOf(
  decision: AgentDecision,
  { performs, ...parts }: Made & { performs(calls: readonly JudgedCall[]): Performed },
): Promise<MadeTrial> {
  const trial = made({ agent: { inside: true }, ...parts });
  const { live, sandbox } = trial;
  live.sandbox = sandbox;
  live.session = {
    ...sessionOf([decision]),
    tools: () => [shellTool],
    perform: async (calls) => performs(calls),
  };
  await openTools(live, signal);
  await decide(live, signal);
  return trial;
}

const gave = (callId: string, text: string, isError = false) => ({
  callId,
  content: [{ type: 'text' as const, text }],
  isError,
});

describe('an agent that makes its calls itself', () => {
  it('is handed all calls judged and recorded as called, and what it sends back is recorded as what they gave', async () => {
    const recorded: string[] = [];
    const trial = await trialOf(runs('ls', 'cat x'), {
      performs(calls) {
        recorded.push(...trial.events.map(({ type }) => type));
        return { results: calls.map(({ callId }) => gave(callId, `of ${callId}`)) };
      },
    });
    expect(await act(trial.live, signal)).toBeNull();
    expect(recorded.filter((type) => /policy|tool\./.test(type))).toEqual([
      ...['policy.judged', 'policy.judged', 'tool.called', 'tool.called'],
    ]);
    expect(trial.of('tool.returned').map(({ callId, source }) => [callId, source])).toEqual([
      ['0.0', 'agent'],
      ['0.1', 'agent'],
    ]);
    expect(trial.live.parts.recorder.trial.tools).toEqual([shellTool]);
    expect(trial.of('tool.called')).toMatchObject([{ server: 'agent' }, { server: 'agent' }]);
  });

  it('is told which call was denied, which is not recorded as called, by the rules for shells whatever its tool is called', async () => {
    const handed: JudgedCall[] = [];
    const trial = await trialOf(runs('rm x', 'ls'), {
      task: { 'policy.toml': rule('deny') },
      performs(calls) {
        handed.push(...calls);
        return { results: [gave('0.1', 'a b')] };
      },
    });
    expect(await act(trial.live, signal)).toBeNull();
    expect(handed.map(({ refused }) => refused)).toEqual([
      'Denied by policy: Nothing may be deleted.',
      undefined,
    ]);
    expect(trial.of('tool.called').map(({ callId }) => callId)).toEqual(['0.1']);
    expect(trial.of('tool.returned')).toMatchObject([
      { callId: '0.0', source: 'policy', errorClass: 'denied' },
      { callId: '0.1', source: 'agent' },
    ]);
  });

  it('gets to make none of its calls where one of them stops the trial', async () => {
    let performed = false;
    const trial = await trialOf(runs('ls', 'rm x'), {
      task: { 'policy.toml': rule('stop') },
      performs() {
        performed = true;
        return { results: [] };
      },
    });
    expect(await act(trial.live, signal)).toBe('stopped-by-policy');
    expect(performed).toBe(false);
    expect(trial.of('tool.called')).toEqual([]);
  });

  it('may not make a call whose arguments nobody could judge', async () => {
    const handed: JudgedCall[] = [];
    const trial = await trialOf(
      { calls: [{ tool: 'shell', arguments: {}, malformed: '{"command": "rm' }] },
      {
        performs(calls) {
          handed.push(...calls);
          return { results: [] };
        },
      },
    );
    await act(trial.live, signal);
    expect(handed).toMatchObject([{ refused: 'The arguments are no JSON object: {"command": "rm' }]);
    expect(trial.of('tool.called')).toEqual([]);
  });

  it('has submitted what it said last when its program ends well, and only then', async () => {
    const end = (exitCode: number) => () => ({ results: [], ended: { exitCode, said: 'bye' } });
    const well = await trialOf({ text: 'It is 42.', calls: [] }, { performs: end(0) });
    expect(await act(well.live, signal)).toBe('submitted');
    expect(submittedAnswer(well.live)).toBe('It is 42.');
    expect(well.of('program.ended')).toMatchObject([{ step: 0, exitCode: 0, said: 'bye' }]);
    const badly = await trialOf({ text: 'It is 42.', calls: [] }, { performs: end(3) });
    expect(await act(badly.live, signal)).toBeNull();
    expect(submittedAnswer(badly.live)).toBeUndefined();
  });

  it('keeps what a call gave whole, is not reminded to go on, and gives late what an earlier call gave', async () => {
    const long = 'x'.repeat(40_000);
    const trial = await trialOf({ text: 'Thinking.', calls: [] }, { performs: () => ({ results: [] }) });
    await act(trial.live, signal);
    await observe(trial.live, false);
    expect(trial.of('step.finished')).toMatchObject([{ step: 0 }]);
    expect(trial.of('step.finished')[0]).not.toHaveProperty('notice');
    const late = await trialOf(runs('ls'), { performs: () => ({ results: [gave('0.0', long)] }) });
    await act(late.live, signal);
    const [returned] = late.of('tool.returned');
    expect(returned).toMatchObject({ step: 0, truncated: false });
    expect(textOf(late.live.parts.recorder.steps[0]?.observations[0]?.content ?? [])).toBe(long);
  });
});
