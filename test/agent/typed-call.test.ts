import { describe, expect, test } from 'vitest';
import { readTypedCall } from '../../src/agent/typed-call.ts';

const tool = (name: string, properties: Record<string, { type: string }>, required: string[] = []) => ({
  name,
  description: name,
  inputSchema: { type: 'object', properties, required },
});
const tools = [
  tool('bash', { command: { type: 'string' }, restart: { type: 'boolean' } }, ['command']),
  tool('refund', { order_id: { type: 'string' }, amount: { type: 'number' } }, ['order_id', 'amount']),
  tool('submit', { answer: { type: 'string' } }),
];

describe('a typed call', () => {
  test.each([
    ['refund {"order_id": "O-1", "amount": 3}', { order_id: 'O-1', amount: 3 }],
    ['call refund order_id=O-1 amount=3.5', { order_id: 'O-1', amount: 3.5 }],
    ['refund order_id="O 1" amount=2', { order_id: 'O 1', amount: 2 }],
    ['refund order_id=12 amount=2', { order_id: '12', amount: 2 }],
    ['bash x=1; ls -la', { command: 'x=1; ls -la' }],
    ['submit forty two', { answer: 'forty two' }],
    ['submit', {}],
  ])('is read from %s', (line, args) => {
    expect(readTypedCall(line, tools)).toMatchObject({ arguments: args });
  });

  test('says what is wrong with a line', () => {
    expect(readTypedCall('refnd', tools)).toEqual({
      problem: 'there is no tool or command "refnd"; try: tools',
    });
    expect(readTypedCall('refund {', tools)).toMatchObject({ problem: expect.stringContaining('not JSON') });
    expect(readTypedCall('refund ten', tools)).toEqual({
      problem: 'expected refund {json} or refund key=value …; its arguments are: order_id, amount',
    });
  });
});
