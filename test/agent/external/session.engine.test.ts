import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type {
  AgentDecision,
  AgentSession,
  DifferentRequest,
  ModelAnswer,
  RecordedStart,
} from '../../../src/agent/agent.ts';
import { externalAgent } from '../../../src/agent/external/external.ts';
import { openAccount } from '../../../src/orchestrator/account.ts';
import type { Json, JsonObject } from '../../../src/schema/json.ts';
import type { View } from '../../../src/schema/view.ts';
import { serveHttp } from '../../../src/tool/serve-http.ts';
import { folderOf, temporaryFolder } from '../../folder.ts';
import { disconnectAfter, hang, message, status } from '../../model-server/reply.ts';
import { type ModelServer, startModelServer } from '../../model-server/server.ts';

const tool = (name: string) => ({ name, description: '', inputSchema: { type: 'object', properties: {} } });
const emptyView: View = {
  task: 't',
  guidance: 'Be kind.',
  instruction: 'Look around.',
  tools: [tool('look'), tool('submit')],
  steps: [],
  remaining: {},
};

const prelude = `
const { PROCTOR_MCP_URL: url, PROCTOR_MCP_TOKEN: token } = process.env;
const rpc = async (method, params = {}, bearer = token) => {
  const response = await fetch(url, { method: 'POST',
    headers: { authorization: 'Bearer ' + bearer, 'content-type': 'application/json',
      accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  return response.ok ? (await response.json()).result : response.status;
};
const call = (name, args = {}) => rpc('tools/call', { name, arguments: args });
`;

let session: AgentSession | undefined;
let server: ModelServer | undefined;
let asked: { request: Json; appended: boolean }[] = [];
let answered: ModelAnswer[] = [];
afterEach(async () => {
  await session?.close();
  await server?.close();
  server = undefined;
  asked = [];
  answered = [];
});

/** An agent whose program is this JavaScript. */
async function open(
  code: string,
  env: Record<string, string> = {},
  {
    words = '',
    patienceMs = 20_000,
    start,
  }: { words?: string; patienceMs?: number; start?: RecordedStart } = {},
): Promise<AgentSession> {
  const dir = folderOf({ 'agent.mjs': `${prelude}\n${code}` });
  const agent = externalAgent({
    command: `${process.execPath} ${join(dir, 'agent.mjs')} ${words}`,
    serve: serveHttp,
    environment: { PATH: process.env.PATH, ...env },
    prices: { fake: { input: 1, output: 2 } },
    patienceMs,
  });
  session = await (start ? agent.from?.(start) : agent)?.open({
    trial: 't',
    task: { name: 't', dir },
    seed: '',
  });
  if (!session) throw new Error('it can’t begin from a record');
  return session;
}

/** Lets an agent decide until it stops; every call is answered with its own name. */
async function play(
  agent: AgentSession,
  { limitMs = 20_000, answerAfterMs = 0 } = {},
): Promise<AgentDecision[]> {
  const view: View = { ...emptyView, steps: [] };
  for (;;) {
    const made = await agent.decide(view, {
      signal: AbortSignal.timeout(limitMs),
      asked: (request, appended) => void asked.push({ request, appended }),
      answered: (answer) => void answered.push(answer),
    });
    const step = view.steps.length;
    const calls = made.calls.map((call, index) => ({ ...call, callId: `${step}.${index}` }));
    await sleep(answerAfterMs);
    const observations = calls.map(({ callId, tool }) => ({
      callId,
      tool,
      isError: false,
      content: [{ type: 'text' as const, text: `did ${tool} ${callId}` }],
    }));
    view.steps.push({ decision: { ...made, calls }, observations });
    if (calls.length === 0 || calls.some((call) => call.tool === 'submit'))
      return view.steps.map(({ decision }) => decision);
  }
}

const toolsOf = (decisions: AgentDecision[]) => decisions.map(({ calls }) => calls.map((one) => one.tool));

describe('a program that is handed the tools', () => {
  it('lists them, decides by calling them, and gets what was observed', async () => {
    const decisions = await play(
      await open(`
        const { tools } = await rpc('tools/list');
        const seen = await call('look', { at: tools.map((tool) => tool.name).join() });
        console.log(seen.content[0].text);
        await call('submit', { answer: seen.content[0].text });
      `),
    );
    expect(toolsOf(decisions)).toEqual([['look'], ['submit']]);
    expect(decisions[0]?.calls[0]?.arguments).toEqual({ at: 'look,submit' });
    expect(decisions[1]?.calls[0]?.arguments).toEqual({ answer: 'did look 0.0' });
    expect(decisions[1]?.text).toBe('did look 0.0');
  });

  it('that stopped waiting for an answer has it recorded as one it never saw', async () => {
    const decisions = await play(
      await open(`
        const send = (body, signal) => fetch(url, { method: 'POST', signal, body: JSON.stringify({ jsonrpc: '2.0', ...body }),
          headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json', accept: 'application/json, text/event-stream' } });
        send({ id: 7, method: 'tools/call', params: { name: 'look' } }).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 300));
        await send({ method: 'notifications/cancelled', params: { requestId: 7 } });
        await call('look');
        await call('submit');
      `),
      { answerAfterMs: 600 },
    );
    expect(toolsOf(decisions)).toEqual([['look'], ['look'], ['submit']]);
    expect(decisions.map(({ unread }) => unread)).toEqual([undefined, ['0.0'], undefined]);
  });

  it('has its integers taken as they were written, however big', async () => {
    const [{ calls } = { calls: [] }] = await play(
      await open(`
        const body = (id) => '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"submit","arguments":{"id":' + id + '}}}';
        const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
        const refused = await fetch(url, { method: 'POST', headers, body: body('oops') });
        if (refused.status !== 400) process.exit(1);
        await fetch(url, { method: 'POST', headers, body: body('1234567890123456789') });
      `),
    );
    expect(calls).toMatchObject([{ tool: 'submit', exact: '{"id":1234567890123456789}' }]);
  });

  it('gets the instruction by variable, file and placeholder, and never the real key', async () => {
    const [decision] = await play(
      await open(
        `
        import { readFileSync } from 'node:fs';
        const file = readFileSync(process.env.PROCTOR_INSTRUCTION_FILE, 'utf8');
        const [given, place, text] = process.argv.slice(2);
        const same = file === process.env.PROCTOR_INSTRUCTION && file === text && file === readFileSync(place, 'utf8');
        await call('submit', { file, same, url: given === process.env.PROCTOR_MCP_URL, all: JSON.stringify(process.env) });
        `,
        { OPENAI_API_KEY: 'sk-secret', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' },
        { words: '{mcp_url} {instruction_file} "{instruction}"' },
      ),
    );
    expect(decision?.calls[0]?.arguments).toMatchObject({
      file: 'Be kind.\n\nLook around.',
      same: true,
      url: true,
    });
    expect(String(decision?.calls[0]?.arguments.all)).not.toContain('sk-secret');
  });

  it('is refused without its token', async () => {
    const decisions = await play(
      await open(`await call('submit', { status: await rpc('tools/list', {}, 'wrong') });`),
    );
    expect(decisions[0]?.calls[0]?.arguments).toEqual({ status: 401 });
  });

  it('that calls in parallel has its calls made in order, and each answered with its own', async () => {
    const decisions = await play(
      await open(`
        const texts = await Promise.all(Array.from({ length: 40 }, (_, index) => call('look', { index })));
        const own = texts.map(({ content }) => content[0].text);
        await call('submit', { different: new Set(own).size });
      `),
    );
    expect(decisions.slice(0, -1).flatMap(({ calls }) => calls)).toHaveLength(40);
    expect(Math.max(...decisions.map(({ calls }) => calls.length))).toBeLessThanOrEqual(16);
    expect(decisions.at(-1)?.calls[0]?.arguments).toEqual({ different: 40 });
  });

  it('that exits early has stopped; one that fails has crashed, with its last words', async () => {
    const stopped = await play(await open(`await rpc('tools/list'); console.log('I give up');`));
    expect(stopped).toEqual([expect.objectContaining({ calls: [], stop: 'done', text: 'I give up' })]);
    await session?.close();
    await expect(
      play(await open(`await rpc('tools/list'); console.error('no such thing'); process.exit(3);`)),
    ).rejects.toThrow(/exit code 3: no such thing/);
  });

  it('that prints much before it fails has crashed with its last two lines alone', async () => {
    const code = `await rpc('tools/list'); for (let i = 0; i < 99; i++) console.error('  at frame ' + i); console.error('x'.repeat(900)); process.exit(3);`;
    const failed = play(await open(code));
    await expect(failed).rejects.toThrow(/exit code 3: …x{300}$/);
    await session?.close();
    const short = code.replace("'x'.repeat(900)", "'no key'");
    await expect(play(await open(short))).rejects.toThrow(/exit code 3: at frame 98 \| no key$/);
  });

  it.each([
    ['ends well', `console.log('no tools here');`, /did not ask for its tools; .*no tools here/],
    ['fails', `process.exit(3);`, /did not ask for its tools; the program ended with exit code 3/],
    ['goes on', `setInterval(() => {}, 1000);`, /did not ask for its tools within 1.5 s/],
  ])('that %s without ever having asked for its tools could not be tried', async (_, code, reason) => {
    const waits: string[] = [];
    const waiting = () => {
      waits.push('begun');
      return () => void waits.push('over');
    };
    const agent = await open(code, {}, { patienceMs: 1500 });
    const deciding = agent.decide(emptyView, {
      signal: AbortSignal.timeout(20_000),
      asked: () => {},
      waiting,
    });
    await expect(deciding).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringMatching(reason),
    });
    expect(waits.slice(0, 2)).toEqual(['begun', 'over']);
  });

  it('that shook hands but never listed or called its tools could not be tried', async () => {
    const hello = `await rpc('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a', version: '1' } });`;
    await expect(play(await open(hello))).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringContaining('did not ask for its tools'),
    });
  });

  it('that hangs is ended with all it started, also where it minds no signal', async () => {
    const file = join(temporaryFolder(), 'pid');
    const agent = await open(`
      import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      process.on('SIGTERM', () => {});
      const child = spawn('sleep', ['600']);
      writeFileSync(${JSON.stringify(file)}, process.pid + ' ' + child.pid);
      await call('look');
      setInterval(() => {}, 1000);
    `);
    await agent.decide(emptyView, { signal: AbortSignal.timeout(20_000), asked: () => {} });
    const limit = new AbortController();
    const deciding = agent.decide(
      { ...emptyView, steps: [{ decision: { calls: [] }, observations: [] }] },
      { signal: limit.signal, asked: () => {} },
    );
    limit.abort();
    await expect(deciding).rejects.toThrow();
    await agent.close();
    await sleep(50);
    for (const pid of readFileSync(file, 'utf8').split(' ')) expect(isRunning(Number(pid))).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the model of a program', () => {
  const ask = (stream: boolean) => `
    const response = await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', { method: 'POST',
      headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'fake', stream: ${stream}, messages: [{ role: 'user', content: 'hi' }] }) });
    const text = await response.text();
  `;

  it.each([true, false])(
    'is asked through a proxy that records tokens and cost (streamed: %s)',
    async (stream) => {
      server = await startModelServer(() => message({ text: 'hello', usage: { input: 1000, output: 500 } }), {
        key: 'sk-real',
      });
      const decisions = await play(
        await open(
          `${ask(stream)} await call('look', { status: response.status, hello: text.includes('hello') || text.includes('hel') });
         await call('submit');`,
          { OPENAI_API_KEY: 'sk-real', OPENAI_BASE_URL: server.url },
        ),
      );
      expect(decisions[0]).toMatchObject({
        calls: [{ arguments: { status: 200, hello: true } }],
        model: 'fake',
        usage: { input: 1000, output: 500 },
        costUsd: 0.002,
      });
      expect(decisions[1]).not.toHaveProperty('usage');
      expect(asked).toHaveLength(1);
      expect(asked[0]?.request).toMatchObject({ model: 'fake', messages: [{ content: 'hi' }] });
    },
  );

  it.each([true, false])(
    'is recorded where it is asked over the Responses API too (streamed: %s)',
    async (stream) => {
      const answer = { model: 'fake', usage: { input_tokens: 30, output_tokens: 20 } };
      const endpoint = createServer((request, response) => {
        const served = request.url === '/v1/responses' && request.headers.authorization === 'Bearer sk-real';
        response.writeHead(served ? 200 : 404, {
          'content-type': stream ? 'text/event-stream' : 'application/json',
        });
        const done = JSON.stringify({ type: 'response.completed', response: answer });
        response.end(stream ? `event: response.completed\ndata: ${done}\n\n` : JSON.stringify(answer));
      }).listen(0, '127.0.0.1');
      onTestFinished(() => void endpoint.close());
      await once(endpoint, 'listening');
      const { port } = endpoint.address() as AddressInfo;
      const decisions = await play(
        await open(
          `${ask(stream).replace('/chat/completions', '/responses')} await call('submit', { status: response.status });`,
          {
            OPENAI_API_KEY: 'sk-real',
            OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
          },
        ),
      );
      expect(decisions[0]).toMatchObject({
        calls: [{ arguments: { status: 200 } }],
        usage: { input: 30, output: 20 },
      });
    },
  );

  it('counts an answer with the step of the call that was made before it had ended, the last one too', async () => {
    const event = (data: object) => `data: ${JSON.stringify({ model: 'fake', ...data })}\n\n`;
    let asked = 0;
    const endpoint = createServer(async (_, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event({ choices: [{ delta: { content: 'x' } }] }));
      await sleep(100);
      response.write(event({ choices: [{ delta: {}, finish_reason: 'stop' }] }));
      response.end(event({ choices: [], usage: { prompt_tokens: asked, completion_tokens: 0 } }));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void endpoint.close());
    await once(endpoint, 'listening');
    const { port } = endpoint.address() as AddressInfo;
    const eager = (name: string) =>
      `{ ${ask(true).replace('await response.text()', 'response.body.getReader(); await text.read()')}
       const made = call('${name}'); while (!(await text.read()).done); await made; }`;
    const decisions = await play(
      await open(['look', 'look', 'submit'].map(eager).join('\n'), {
        OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      }),
    );
    expect(decisions.map(({ usage }) => usage?.input)).toEqual([1, 2, 3]);
  });

  it('is answered from the record until the program decides for itself, which is named where it asks otherwise', async () => {
    const code = `{ ${ask(true)} await call('look'); } { ${ask(false)} await call('look'); } { ${ask(true)} await call('submit'); }`;
    const usage = (input: number) => message({ text: String(input), usage: { input, output: 1 } });
    server = await startModelServer((_, index) => usage(index + 1));
    await play(await open(code, { OPENAI_BASE_URL: server.url }));
    expect(answered).toMatchObject([{ path: '/chat/completions', status: 200 }, {}, {}]);
    const exchanges = answered.map(
      ({ conversation, path, answer: body, status: code, contentType }, index) => ({
        conversation,
        path,
        request: { ...(asked[index]?.request as JsonObject), ...(index === 1 && { seed: 7 }) },
        answer: { status: code, contentType, body },
      }),
    );
    await session?.close();
    await server.close();
    server = await startModelServer(() => usage(100));
    const different: DifferentRequest[] = [];
    const start = { exchanges, steps: 2, differs: (one: DifferentRequest) => void different.push(one) };
    const decisions = await play(await open(code, { OPENAI_BASE_URL: server.url }, { start }));
    expect(decisions.map(({ usage: told }) => told?.input)).toEqual([1, 2, 100]);
    expect(server.requests).toHaveLength(1);
    expect(different).toMatchObject([{ step: 1, path: 'seed', recorded: '7' }]);
  });

  it('names the calls that the program made of tools of its own', async () => {
    const made = (...names: string[]) => message({ calls: names.map((name) => ({ name, arguments: {} })) });
    const replies = [made('mcp__room__look', 'exec_command'), made('look'), made('look', 'room-submit')];
    server = await startModelServer((_, index) => replies[index] ?? made());
    const decisions = await play(
      await open(
        `{ ${ask(true)} await call('look'); } { ${ask(false)} } { ${ask(true)} await call('look'); await call('submit'); }`,
        { OPENAI_BASE_URL: server.url },
      ),
    );
    expect(decisions.map(({ unseen }) => unseen)).toEqual([['exec_command'], ['look'], undefined]);
  });

  it.each([
    ['of its own alone', ['bash', 'read'], 'refused'],
    ['and some of those it was handed', ['bash', 'mcp__room__look'], 'refused'],
    ['that it was handed', ['bash', 'mcp__room__look', 'room-submit'], 'scored'],
    ['that find others', ['bash', 'tool_search'], 'scored'],
    ['of none', [], 'scored'],
  ] as const)('is offered tools %s and calls none: the trial is %s', async (_, names, then) => {
    const own = message({ calls: [{ name: 'bash', arguments: {} }] });
    server = await startModelServer(() => own);
    const tools = names.map((name) => ({ type: 'function', function: { name } }));
    const offering = ask(false).replace("model: 'fake',", `model: 'fake', tools: ${JSON.stringify(tools)},`);
    const agent = await open(`await rpc('tools/list'); { ${offering} }`, { OPENAI_BASE_URL: server.url });
    if (then === 'scored') expect(await play(agent)).toMatchObject([{ stop: 'done' }]);
    else
      await expect(play(agent)).rejects.toMatchObject({
        code: 'tool-server-failed',
        message: expect.stringMatching(/did not offer its model the tools .*submit/),
      });
  });

  it.each([
    ['does not answer', undefined, /ECONNREFUSED|bad port/],
    ['fails', status(500, 'kaputt'), /kaputt; the program ended with exit code 1/],
    ['hangs', hang(), /nothing came for 3 s/],
    ['stops in mid-stream', disconnectAfter(2), /terminated|ended before|other side closed/],
    ['answers with HTML', status(200, {}, { 'content-type': 'text/html' }), /got text\/html/],
  ] as const)('fails the infrastructure where it %s, however the program ends', async (_, reply, reason) => {
    server = reply && (await startModelServer(() => reply));
    const agent = await open(
      `await rpc('tools/list'); { ${ask(true)} if (response.status >= 500) process.exit(1); }`,
      { OPENAI_BASE_URL: server?.url ?? 'http://127.0.0.1:9/v1' },
      { patienceMs: reply?.kind === 'hang' ? 3000 : 20_000 },
    );
    await expect(play(agent)).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringMatching(reason),
    });
  });

  it('fails the infrastructure where it keeps failing, though the program never ends', async () => {
    server = await startModelServer(() => status(503, 'busy'));
    const agent = await open(
      `await rpc('tools/list'); for (;;) { { ${ask(false)} } await new Promise((go) => setTimeout(go, 50)); }`,
      { OPENAI_BASE_URL: server.url },
      { patienceMs: 700 },
    );
    await expect(play(agent)).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringMatching(/no answer for 0.7 s, lastly: .*busy/),
    });
  });

  it('is paid for request by request, and asked no more when the budget is spent', async () => {
    server = await startModelServer(() => message({ text: 'hi', usage: { input: 1_000_000, output: 0 } }));
    const account = openAccount({ maxCostUsd: 2 });
    const agent = await open(
      `await rpc('tools/list'); for (;;) { ${ask(false)} if (response.status === 402) process.exit(1); }`,
      { OPENAI_BASE_URL: server.url },
    );
    const deciding = agent.decide(emptyView, {
      signal: AbortSignal.timeout(20_000),
      asked: () => {},
      reserve: () => account.reserve(AbortSignal.timeout(20_000)),
    });
    await expect(deciding).rejects.toMatchObject({ code: 'budget-spent' });
    expect(server.requests).toHaveLength(2);
  });

  it('refuses a wrong key, and says where the endpoint does not answer', async () => {
    const decisions = await play(
      await open(
        `process.env.OPENAI_API_KEY += 'x'; ${ask(false)} const wrong = response.status;
         { process.env.OPENAI_API_KEY = token; ${ask(false)} await call('submit', { wrong, status: response.status }); }`,
        { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' },
      ),
    );
    expect(decisions[0]?.calls[0]?.arguments).toEqual({ wrong: 401, status: 502 });
  });
});

it('an agent whose program is not there is the author’s mistake', async () => {
  const agent = externalAgent({
    command: 'no-such-program --x',
    serve: serveHttp,
    environment: { PATH: process.env.PATH },
    prices: {},
    patienceMs: 1000,
  });
  await expect(agent.check?.([])).rejects.toThrow(/there is no program 'no-such-program'/);
});
