import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentDecision, AgentSession, DecideOptions, ModelAnswer } from '../../../src/agent/agent.ts';
import type { SourceRequest } from '../../../src/agent/dialect/model-source.ts';
import { type InsideOptions, insideAgent } from '../../../src/agent/inside/inside.ts';
import { textOf } from '../../../src/schema/content.ts';
import type { Json, JsonObject } from '../../../src/schema/json.ts';
import { firstView, viewAfter } from '../view.ts';
import { hostRoom } from './host-room.ts';

const said = (message: JsonObject): JsonObject => ({
  id: 'c',
  model: 'm',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', ...message },
      finish_reason: message.tool_calls ? 'tool_calls' : 'stop',
    },
  ],
  usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
});

const runs = (...commands: string[]) =>
  said({
    content: null,
    tool_calls: commands.map((command, at) => ({
      id: `c${at}`,
      type: 'function',
      function: { name: 'run_shell_command', arguments: JSON.stringify({ command }) },
    })),
  });

let session: AgentSession | undefined;
afterEach(async () => {
  await session?.close();
  session = undefined;
});

/** A program in a folder of this machine, whose model answers this in turn. */
async function opened(answers: readonly (JsonObject | Error)[], options: Partial<InsideOptions> = {}) {
  const asked: SourceRequest[] = [];
  const answered: ModelAnswer[] = [];
  const room = hostRoom();
  const agent = insideAgent({
    id: 'inside:mini',
    command: 'python3 mini.py {instruction}',
    variables: {},
    files: { 'mini.py': readFileSync('test/agent/inside/mini.py', 'utf8') },
    effects: {},
    helpers: [],
    memoryMb: 0,
    model: 'm',
    prices: {},
    patienceMs: 5_000,
    source: () => ({
      async answer(request) {
        const answer = answers[asked.push(request) - 1] ?? said({ content: 'No more.' });
        if (answer instanceof Error) throw answer;
        return { status: 200, contentType: 'application/json', body: JSON.stringify(answer) };
      },
      plain: async () => ({ status: 200, contentType: 'application/json', body: '{"data":[]}' }),
    }),
    ...options,
  });
  session = await agent.open({ trial: 't', task: { name: 'n', dir: 'd' }, seed: 'abc' }, room);
  const own = session;
  const requests: Json[] = [];
  const decide: DecideOptions = {
    signal: AbortSignal.timeout(10_000),
    asked: (request) => void requests.push(request),
    answered: (answer) => void answered.push(answer),
  };
  const decisions: AgentDecision[] = [];
  return {
    asked,
    answered,
    requests,
    room,
    session: own,
    /** Decides, and makes or refuses the calls. */
    async step(refuse: (command: string) => string | undefined = () => undefined) {
      const at = decisions.length;
      const view = decisions.reduce((before, one) => viewAfter(before, one, []), firstView);
      const decision = await own.decide(view, decide);
      decisions.push(decision);
      const judged = decision.calls.map(({ arguments: args }, index) => {
        const refused = refuse(String(args.command));
        return { callId: `${at}.${index}`, ...(refused && { refused }) };
      });
      const performed = await own.perform?.(judged, decide);
      return {
        decision,
        ended: performed?.ended,
        results: performed?.results.map(({ callId, content }) => [callId, textOf(content)]),
      };
    },
  };
}

describe('a program inside of the sandbox', () => {
  it('decides what its model answers, makes the calls itself, and ends with its last words', async () => {
    const { step, session, answered, requests } = await opened([
      runs('echo one > a; cat a', 'echo two'),
      said({ content: 'All done.' }),
    ]);
    const first = await step();
    expect(first.decision).toMatchObject({
      calls: [
        { tool: 'run_shell_command', arguments: { command: 'echo one > a; cat a' }, providerId: 'c0' },
        { tool: 'run_shell_command', arguments: { command: 'echo two' }, providerId: 'c1' },
      ],
      model: 'm',
      usage: { input: 10, output: 2 },
    });
    expect(first.results).toEqual([
      ['0.0', 'one\n[0]'],
      ['0.1', 'two\n[0]'],
    ]);
    expect(session.tools?.()).toMatchObject([
      { name: 'run_shell_command', placement: 'agent', declared: { effect: 'exec' } },
    ]);
    const last = await step();
    expect(last).toMatchObject({
      decision: { text: 'All done.', calls: [] },
      ended: { exitCode: 0, said: 'All done.' },
    });
    expect(answered.map(({ dialect, path }) => [dialect, path])).toEqual([
      ['chat', '/chat/completions'],
      ['chat', '/chat/completions'],
    ]);
    expect(requests[1]).toMatchObject({
      messages: [{ role: 'assistant' }, { role: 'tool' }, { role: 'tool' }],
    });
  });

  it('is given a command that says why in the place of one that was refused, and makes the others', async () => {
    const { step, asked } = await opened([runs('touch bad', 'echo fine'), said({ content: 'Well.' })]);
    const { results } = await step((command) => (command.includes('bad') ? "It's not allowed." : undefined));
    expect(results).toEqual([['0.1', 'fine\n[0]']]);
    await step();
    const [, second] = asked;
    expect(JSON.stringify(second?.body.messages)).toContain("It's not allowed.\\n[126]");
  });

  it('has the model told where nothing is left of its answer, and never sees that answer', async () => {
    const other = said({
      content: null,
      tool_calls: [{ id: 'x', type: 'function', function: { name: 'send_mail', arguments: '{"to":"a"}' } }],
    });
    const { step, asked } = await opened([other, runs('echo on'), said({ content: 'Done.' })]);
    const first = await step(() => 'No mail.');
    expect(first.results).toEqual([]);
    expect(asked).toHaveLength(1);
    const second = await step();
    expect(second.results).toEqual([['1.0', 'on\n[0]']]);
    expect(asked[1]?.body.messages).toMatchObject([
      {},
      {},
      { tool_calls: [{ id: 'x' }] },
      { role: 'tool', content: 'No mail.' },
    ]);
    await step();
    const roles = ['system', 'user', 'assistant', 'tool', 'assistant', 'tool'];
    expect(asked[2]?.body.messages).toMatchObject(roles.map((role) => ({ role })));
  });

  it('has crashed where it ends badly, and asked no model where it did not', async () => {
    const crash = await opened([said({ content: 'Bye.' })], { variables: { MINI_EXIT: '3' } });
    expect(await crash.step()).toMatchObject({ ended: { exitCode: 3 } });
    await expect(crash.step()).rejects.toThrow('the program ended with exit code 3: Bye.');
    await session?.close();
    const none = await opened([], { command: 'sh -c "echo no such thing >&2; exit 127"' });
    await expect(none.step()).rejects.toThrow(/asked no model; .* exit code 127: no such thing/);
  });

  it('ends when its own process does, whatever it leaves running', async () => {
    const { step } = await opened([
      runs('sleep 60 >/proc/$PPID/fd/1 2>&1 & echo started'),
      said({ content: 'Left one.' }),
    ]);
    await step();
    expect(await step()).toMatchObject({ ended: { exitCode: 0 } });
  });

  it('fails where its model can’t be had', async () => {
    const { step } = await opened([new Error('no endpoint')]);
    await expect(step()).rejects.toThrow('no endpoint');
  });

  it('has conversations beside: one for a title decides nothing, and what a subagent does are steps of its own', async () => {
    const calling = (name: string, args: JsonObject) =>
      said({
        content: null,
        tool_calls: [
          { id: `of-${name}`, type: 'function', function: { name, arguments: JSON.stringify(args) } },
        ],
      });
    const { step, answered } = await opened(
      [
        said({ content: 'A title' }),
        calling('task', { prompt: 'List the files in this folder.' }),
        calling('bash', { command: 'echo listed' }),
        said({ content: 'They are listed.' }),
        said({ content: 'All done.' }),
      ],
      {
        command: 'python3 nested.py {instruction}',
        files: { 'nested.py': readFileSync('test/agent/inside/nested.py', 'utf8') },
      },
    );
    const lead = await step();
    expect(lead).toMatchObject({ decision: { calls: [{ tool: 'task' }] }, results: [] });
    expect(lead.decision).toMatchObject({
      side: [{ kind: 'title', model: 'm', usage: { input: 10, output: 2 } }],
      usage: { input: 20, output: 4 },
    });
    const helper = await step();
    expect(helper).toMatchObject({ decision: { calls: [{ tool: 'bash' }] }, results: [['1.0', 'listed\n']] });
    expect(helper.decision.conversation).toMatch(/^[0-9a-f]{12}$/);
    expect(await step()).toMatchObject({
      decision: { text: 'They are listed.', conversation: helper.decision.conversation },
      results: [['0.0', 'They are listed.']],
    });
    const last = await step();
    expect(last).toMatchObject({ decision: { text: 'All done.' }, ended: { exitCode: 0 } });
    expect(last.decision).not.toHaveProperty('conversation');
    expect(answered.map(({ side }) => side)).toEqual(['title', ...Array(4).fill(undefined)]);
  });
});
