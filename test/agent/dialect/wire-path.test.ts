import { expect, it } from 'vitest';
import { wirePath } from '../../../src/agent/dialect/wire-path.ts';

it.each([
  ['/v1/chat/completions', 'chat', '/chat/completions'],
  ['//chat/completions?api-version=1', 'chat', '/chat/completions'],
  ['/responses', 'responses', '/responses'],
  ['/v1/responses/compact', 'responses', '/responses/compact'],
  ['/v1/messages?beta=true', 'messages', '/messages'],
  ['/api/v1/messages', 'messages', '/messages'],
])('takes %s for a question to a model in the words of %s', (url, dialect, path) => {
  expect(wirePath('POST', url)).toMatchObject({ kind: 'turn', dialect: { name: dialect }, path });
});

it.each([
  ['POST', '/v1/embeddings', 'paid'],
  ['POST', '/completions', 'paid'],
  ['POST', '/v1/messages/count_tokens', 'plain'],
  ['GET', '/v1/models', 'plain'],
  ['GET', '/models/org/gpt', 'plain'],
  ['GET', '/v1/responses/resp_1', 'plain'],
])('answers %s %s without a decision (%s)', (method, url, kind) => {
  expect(wirePath(method, url)).toMatchObject({ kind });
});

it.each([
  ['POST', '/files'],
  ['GET', '/chat/completions'],
  ['DELETE', '/models/gpt'],
])('does not know %s %s', (method, url) => {
  expect(wirePath(method, url)).toBeUndefined();
});
