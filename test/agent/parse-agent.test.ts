import { expect, it } from 'vitest';
import { parseAgentId } from '../../src/agent/parse-agent.ts';

it.each([
  ['openai:gpt-4.1', { kind: 'openai', argument: 'gpt-4.1' }],
  ['openai:meta/llama:free', { kind: 'openai', argument: 'meta/llama:free' }],
  ['scripted:careless', { kind: 'scripted', argument: 'careless' }],
  ['oracle', { kind: 'oracle', argument: '' }],
  ['nop', { kind: 'nop', argument: '' }],
  ['./my-agent.ts', { kind: 'module', argument: './my-agent.ts' }],
  ['my agents/x.mjs:careful', { kind: 'module', argument: 'my agents/x.mjs:careful' }],
  ['external:node agent.js', { kind: 'external', argument: 'node agent.js' }],
  ['py:./agent.py', { kind: 'py', argument: './agent.py' }],
])('takes %s apart', (text, id) => {
  expect(parseAgentId(text)).toEqual(id);
});

it.each([
  ['opnai:gpt-4.1', "there is no agent 'opnai'"],
  ['toString', "there is no agent 'toString'"],
  ['openai', "'openai' needs a model after a colon"],
  ['scripted:', "'scripted' needs a name or file.json after a colon"],
  ['nop:x', "'nop' takes nothing after it"],
])('refuses %s and lists what there is', (text, problem) => {
  expect(() => parseAgentId(text)).toThrow(
    `agent '${text}': ${problem}; expected openai:<model>, openai-responses:<model>, anthropic:<model>, google:<model>, scripted:<name or file.json>, oracle, nop`,
  );
});
