import { expect, it } from 'vitest';
import { chatDialect } from '../../../src/agent/dialect/chat.ts';
import { messagesDialect } from '../../../src/agent/dialect/messages.ts';
import { responsesDialect } from '../../../src/agent/dialect/responses.ts';
import { openOffer } from '../../../src/agent/external/offered.ts';
import type { JsonObject } from '../../../src/schema/json.ts';

const handed = ['look', 'submit'].map((name) => ({ name, description: '', inputSchema: {} }));
const missing = (...tools: JsonObject[]) => {
  const offer = openOffer();
  for (const one of tools) {
    const { readRequest } = one.function ? chatDialect : one.type ? responsesDialect : messagesDialect;
    offer.heard(readRequest({ tools: [one] }).tools);
  }
  return offer.missing(handed);
};

it('knows what a model is offered in each API, over several requests', () => {
  expect(missing({ type: 'function', function: { name: 'look' } }, { name: 'submit' })).toEqual([]);
  expect(
    missing({ type: 'namespace', name: 'mcp__room', tools: [{ type: 'function', name: 'look' }] }),
  ).toEqual(['submit']);
  expect(missing({ type: 'web_search' })).toEqual(['look', 'submit']);
});

it('misses nothing where nothing is offered in this way', () => {
  expect(openOffer().missing(handed)).toEqual([]);
  const prose = openOffer();
  prose.heard(chatDialect.readRequest({ tools: 'look, submit' }).tools);
  expect(prose.missing(handed)).toEqual([]);
});
