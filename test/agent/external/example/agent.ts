// A model agent in TypeScript, with the official SDKs of MCP and OpenAI.
// proctor run <task> --agent "external:npx jiti agent.ts"
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import OpenAI from 'openai';

const { PROCTOR_MCP_URL, PROCTOR_MCP_TOKEN, PROCTOR_INSTRUCTION_FILE, PROCTOR_EXAMPLE_MODEL } = process.env;

const client = new Client({ name: 'example', version: '1.0.0' });
const headers = { authorization: `Bearer ${PROCTOR_MCP_TOKEN}` };
const url = new URL(PROCTOR_MCP_URL ?? '');
const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
await client.connect(transport as Transport);
const { tools } = await client.listTools();

const model = new OpenAI();
const messages: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'user', content: readFileSync(PROCTOR_INSTRUCTION_FILE ?? '', 'utf8') },
];

for (;;) {
  const stream = model.chat.completions.stream({
    model: PROCTOR_EXAMPLE_MODEL ?? 'gpt-4.1',
    messages,
    tools: tools.map(({ name, description = '', inputSchema }) => ({
      type: 'function' as const,
      function: { name, description, parameters: inputSchema as Record<string, unknown> },
    })),
  });
  const message = (await stream.finalChatCompletion()).choices[0]?.message;
  if (!message?.tool_calls?.length) break;
  messages.push(message);
  for (const call of message.tool_calls) {
    if (call.type !== 'function') continue;
    const { name, arguments: text } = call.function;
    const result = await client.callTool({ name, arguments: JSON.parse(text) });
    messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(result.content) });
    if (name === 'submit') process.exit(0);
  }
}
