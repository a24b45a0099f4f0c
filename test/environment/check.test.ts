import { describe, expect, test } from 'vitest';
import { compileCheck, explainCheck } from '../../src/environment/check.ts';

const state = {
  '/w/a.txt': { type: 'file', mode: '644', size: 3 },
  orders: { 'O-1': { amount: 14.5, lines: ['x', 'y'] } },
};
const holds = (check: string, initial: typeof state | object = state) =>
  compileCheck(check, 'here')(state, initial as never);

describe('a check', () => {
  test.each([
    ['state["/w/a.txt"].mode == "644"', true],
    ['"/w/b.txt" in state', false],
    ['state.orders["O-1"].amount == 14.5 && size(state.orders["O-1"].lines) == 2', true],
    ['state.orders.exists(o, state.orders[o].amount > 20)', false],
    ['state == initial', true],
  ])('%s is %s', (check, held) => {
    expect(holds(check)).toBe(held);
  });

  test('sees what there was at the start', () => {
    expect(holds('!("/w/a.txt" in initial) && "/w/a.txt" in state', {})).toBe(true);
  });

  test('that asks for something missing does not hold', () => {
    expect(holds('state["/w/none"].mode == "644"')).toBe(false);
    expect(holds('state.orders["O-1"].lines[7] == "x"')).toBe(false);
  });

  test.each([
    ['state.x ==', /^here, line 1 column 11: Unexpected token: EOF, expected CEL$/],
    ['"a" + 1 == "b"', /^here, line 1 column 1: no such overload/],
    ['size(state)', /^here: gives int, expected true or false$/],
    ['stat.x == 1', /^here, line 1 column 1: Unknown variable: stat; did you mean "state"\?$/],
    [
      'true &&\n  initail == state',
      /^here, line 2 column 3: Unknown variable: initail; did you mean "initial"\?$/,
    ],
    ['quite == 1', /^here, line 1 column 1: Unknown variable: quite, expected one of state, initial$/],
    ['state.o.exist(x, x == 1)', /^here, .*: Unknown function: exist; did you mean "exists"\?$/],
    ['siez(state) > 1', /^here, .*: Unknown function: siez; did you mean "size"\?$/],
    ['state.x.startWith("a")', /^here, .*: Unknown function: startWith; did you mean "startsWith"\?$/],
  ])('%s does not compile', (check, message) => {
    expect(() => compileCheck(check, 'here')).toThrow(message);
  });

  test('that gives no truth value, or fails in another way, is the author’s mistake', () => {
    expect(() => holds('state.orders')).toThrow('here: expected true or false, got object');
    expect(() => holds('state.orders["O-1"].amount + "x" == "y"')).toThrow(/^here: no such overload/);
  });
});

describe('why a check does not hold', () => {
  test.each([
    [
      'state.orders["O-1"].amount\n  > 20',
      'state.orders["O-1"].amount > 20; state.orders["O-1"].amount is 14.5',
    ],
    [
      'state.orders["O-2"].lines.exists(l, l == "x")',
      'state.orders["O-2"].lines.exists(l, l == "x"); state.orders["O-2"].lines is missing',
    ],
    ['size(state.orders["O-1"].lines) == initial.n[0]', /lines is \["x","y"\]; initial\.n\[0\] is 3$/],
    ['"/w/b.txt" in state', '"/w/b.txt" in state'],
  ])('%s is said with what is really there', (check, said) => {
    expect(explainCheck(check, state, { n: [3] })).toMatch(said);
  });

  test('cuts a long value', () => {
    expect(explainCheck('state.text == "a"', { text: 'x'.repeat(5000) }, {}).length).toBeLessThan(250);
  });
});
