import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** One answer of the model: a command for the shell tool that the program has, or words that end its work. */
export type Turn = { shell: string } | { say: string };

type Fields = Record<string, any>;

export interface ScriptedModel {
  /** Without a path. */
  url: string;
  /** The requests that were answered by a turn. */
  requests: { path: string; body: Fields }[];
  /** Everything else that was asked: method, path, and why it was no turn. */
  others: string[];
  server: ReturnType<typeof createServer>;
  close(): Promise<void>;
}

interface Called {
  id: string;
  name: string;
  arguments: Fields;
}

/**
 * A model that plays turns in order, in whichever API it is asked: those of the script whose key stands in the request. A request's turn
 * is told by the results it brings along.
 */
export async function startScriptedModel(
  scripts: Readonly<Record<string, readonly Turn[]>>,
): Promise<ScriptedModel> {
  const requests: ScriptedModel['requests'] = [];
  const others: string[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      others.push(`${request.method} ${request.url}: ${error}`);
      response.writeHead(500).end(JSON.stringify({ error: { message: String(error) } }));
    });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '').replace(/\?.*/, '');
    const form = forms[path];
    const text = (await bodyOf(request)).toString();
    if (!form || request.method !== 'POST') {
      others.push(`${request.method} ${request.url}`);
      return sendJson(response, path.endsWith('/models') ? 200 : 404, { object: 'list', data: [] });
    }
    const body: Fields = JSON.parse(text);
    const isSide = !body.tools?.length || body.tools.every((one: Fields) => !form.schemaOf(one));
    if (isSide) others.push(`${path} without tools`);
    else requests.push({ path, body });
    const key = Object.keys(scripts).find((one) => text.includes(one)) ?? '';
    const turn: Turn | undefined = isSide ? { say: 'A small task' } : scripts[key]?.[form.results(body)];
    if (!turn) throw new Error(`there is no turn ${form.results(body)} of '${key}'`);
    const call =
      'shell' in turn ? shellCall(body.tools.map(form.schemaOf), turn.shell, requests.length) : undefined;
    const said = 'say' in turn ? turn.say : `Running ${requests.length}.`;
    form.send(response, body, said, call);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ requests, others, server },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const bytes = await buffer(request);
  const encoding = request.headers['content-encoding'];
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes;
}

interface Declared {
  name: string;
  schema: Fields;
}

const shells = /^(bash|shell|shell_command|exec_command|run_shell_command)$/i;

/** A call of the shell among these tools, with every argument that its schema demands. */
function shellCall(tools: (Declared | undefined)[], command: string, number: number): Called {
  const shell = tools.find((one) => one && shells.test(one.name));
  if (!shell) throw new Error(`no shell among ${tools.map((one) => one?.name).join(', ')}`);
  const { properties = {}, required = [] } = shell.schema;
  const key = ['command', 'cmd'].find((name) => name in properties) ?? 'command';
  const others = required.filter((name: string) => name !== key);
  const filled = others.map((name: string) => [
    name,
    properties[name]?.type === 'boolean' ? false : 'a step',
  ]);
  const value = properties[key]?.type === 'array' ? ['bash', '-lc', command] : command;
  return {
    id: `call_${number}`,
    name: shell.name,
    arguments: { [key]: value, ...Object.fromEntries(filled) },
  };
}

interface Form {
  schemaOf(tool: Fields): Declared | undefined;
  /** How many results of calls a request has. */
  results(body: Fields): number;
  send(response: ServerResponse, body: Fields, said: string, call: Called | undefined): void;
}

const usage = { input: 120, output: 15 };

const chat: Form = {
  schemaOf: ({ function: of }) => of && { name: of.name, schema: of.parameters ?? {} },
  results: ({ messages }) => messages.filter(({ role }: Fields) => role === 'tool').length,
  send(response, { model, stream }, content, call) {
    const calls = call && [
      {
        index: 0,
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      },
    ];
    const message = { role: 'assistant', content, ...(calls && { tool_calls: calls }) };
    const finish_reason = call ? 'tool_calls' : 'stop';
    const told = {
      prompt_tokens: usage.input,
      completion_tokens: usage.output,
      total_tokens: usage.input + usage.output,
    };
    const base = { id: 'chatcmpl-1', created: 1, model };
    if (!stream)
      return sendJson(response, 200, {
        ...base,
        object: 'chat.completion',
        choices: [{ index: 0, message, finish_reason }],
        usage: told,
      });
    const chunk = (choices: Fields[], more: Fields = {}) => ({
      ...base,
      object: 'chat.completion.chunk',
      choices,
      ...more,
    });
    const events = [
      chunk([{ index: 0, delta: message, finish_reason: null }]),
      chunk([{ index: 0, delta: {}, finish_reason }]),
      chunk([], { usage: told }),
    ];
    sendEvents(response, [...events.map((event) => JSON.stringify(event)), '[DONE]']);
  },
};

const responses: Form = {
  schemaOf: ({ type, name, parameters }) =>
    type === 'function' ? { name, schema: parameters ?? {} } : undefined,
  results: ({ input }) =>
    Array.isArray(input) ? input.filter(({ type }: Fields) => type === 'function_call_output').length : 0,
  send(response, { model, stream }, text, call) {
    const id = `resp_${call?.id ?? 'end'}`;
    const message = {
      type: 'message',
      id: `msg_${call?.id ?? 'end'}`,
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    };
    const output: Fields[] = [
      message,
      ...(call
        ? [
            {
              type: 'function_call',
              id: `fc_${call.id}`,
              call_id: call.id,
              name: call.name,
              arguments: JSON.stringify(call.arguments),
              status: 'completed',
            },
          ]
        : []),
    ];
    const whole = {
      ...{ id, object: 'response', created_at: 1, model, status: 'completed', output },
      usage: {
        input_tokens: usage.input,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: usage.output,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: usage.input + usage.output,
      },
    };
    if (!stream) return sendJson(response, 200, whole);
    const events: Fields[] = [
      { type: 'response.created', response: { ...whole, status: 'in_progress', output: [], usage: null } },
      ...output.flatMap((item, output_index) => [
        { type: 'response.output_item.added', output_index, item },
        { type: 'response.output_item.done', output_index, item },
      ]),
      { type: 'response.completed', response: whole },
    ];
    sendEvents(
      response,
      events.map((event, sequence_number) => JSON.stringify({ ...event, sequence_number })),
      true,
    );
  },
};

const messages: Form = {
  schemaOf: ({ name, input_schema }) => (input_schema ? { name, schema: input_schema } : undefined),
  results: ({ messages }) =>
    messages
      .flatMap(({ content }: Fields) => (Array.isArray(content) ? content : []))
      .filter(({ type }: Fields) => type === 'tool_result').length,
  send(response, { model, stream }, text, call) {
    const content = [
      { type: 'text', text },
      ...(call ? [{ type: 'tool_use', id: `toolu_${call.id}`, name: call.name, input: call.arguments }] : []),
    ];
    const stop = { stop_reason: call ? 'tool_use' : 'end_turn', stop_sequence: null };
    const whole = { id: 'msg_1', type: 'message', role: 'assistant', model };
    const told = { input_tokens: usage.input, output_tokens: usage.output };
    if (!stream) return sendJson(response, 200, { ...whole, content, ...stop, usage: told });
    const blocks = content.flatMap((block, index) => {
      const [start, delta] =
        'text' in block
          ? [
              { type: 'text', text: '' },
              { type: 'text_delta', text: block.text },
            ]
          : [
              { ...block, input: {} },
              { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
            ];
      return [
        { type: 'content_block_start', index, content_block: start },
        { type: 'content_block_delta', index, delta },
        { type: 'content_block_stop', index },
      ];
    });
    const events: Fields[] = [
      {
        type: 'message_start',
        message: {
          ...whole,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { ...told, output_tokens: 1 },
        },
      },
      ...blocks,
      { type: 'message_delta', delta: stop, usage: { output_tokens: usage.output } },
      { type: 'message_stop' },
    ];
    sendEvents(
      response,
      events.map((event) => JSON.stringify(event)),
      true,
    );
  },
};

const forms: Record<string, Form> = {
  '/v1/chat/completions': chat,
  '/v1/responses': responses,
  '/v1/messages': messages,
};

function sendJson(response: ServerResponse, status: number, body: Fields): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendEvents(response: ServerResponse, events: string[], named = false): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) {
    if (named) response.write(`event: ${JSON.parse(event).type}\n`);
    response.write(`data: ${event}\n\n`);
  }
  response.end();
}
