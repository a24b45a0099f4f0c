import { describe, expect, it } from 'vitest';
import { readMessages } from '../../../src/tool/mcp/message.ts';

const pending = new Set([3]);
const answer = { jsonrpc: '2.0', id: 3, result: { content: [] } };
const read = (value: unknown, ids: ReadonlySet<number> = pending) =>
  readMessages(typeof value === 'string' ? value : JSON.stringify(value), ids);
const messageOf = (value: unknown) => read(value).messages;

describe('a line of a server', () => {
  it('is a message, or several in a list', () => {
    expect(read(answer)).toEqual({ messages: [answer], isClean: true });
    expect(read([answer, answer])).toEqual({ messages: [answer, answer], isClean: true });
  });

  it('may leave out which version of JSON-RPC it is', () => {
    expect(messageOf({ id: 3, result: { content: [] } })).toEqual([answer]);
  });

  it.each([
    { ...answer, result: null },
    { ...answer, result: 'hello' },
    { ...answer, error: { code: 1, message: 'both' } },
    '{"jsonrpc":"2.0","id":3,"result":{oops}}',
  ])('that is an unreadable answer fails the request it answers: %j', (value) => {
    expect(read(value)).toMatchObject({
      messages: [{ id: 3, error: { message: expect.stringContaining('"id":3') } }],
      isClean: false,
    });
  });

  it('may be an error without a message, or without a code', () => {
    const error = (given: object) => messageOf({ jsonrpc: '2.0', id: 3, error: given });
    expect(error({ code: -32000 })).toMatchObject([{ error: { message: 'an error without a message' } }]);
    expect(error({ message: 'no' })).toMatchObject([{ error: { message: 'no' } }]);
  });

  it('that is an error of no request is one of the only request there is', () => {
    const unnamed = { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'parse error' } };
    expect(messageOf(unnamed)).toMatchObject([{ id: 3, error: { message: 'parse error' } }]);
    expect(read(unnamed, new Set([3, 4])).messages).toEqual([]);
  });

  it.each(['Server running on stdio', '7', '{"half": ', '{"jsonrpc":"2.0","id":9,"result":null}', '[]'])(
    'is none of its messages: %s',
    (line) => {
      expect(read(line)).toEqual({ messages: [], isClean: false });
    },
  );
});
