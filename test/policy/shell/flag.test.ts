import { describe, expect, it } from 'vitest';
import { skipOptions, splitFlags } from '../../../src/policy/shell/flag.ts';

describe('flags and operands', () => {
  it.each([
    ['rm', ['-rf', 'a', '-v'], ['-r', '-f', '-v'], ['a']],
    ['x', ['--long=value', '--', '-a', '--b'], ['--long'], ['-a', '--b']],
    ['x', ['-', '-1', '-9x'], ['-1', '-9x'], ['-']],
    ['find', ['.', '-name', 'x', '-delete'], ['-name', '-delete'], ['.', 'x']],
    ['x', ['', '-ä', '-a1'], ['-ä', '-a1'], ['']],
    ['x', [], [], []],
  ])('of %s %j are told apart', (name, args, flags, operands) => {
    expect(splitFlags(name, args)).toEqual({ flags, operands });
  });
});

describe('where operands begin', () => {
  it.each([
    [['-a', '-b', 'c'], 2],
    [['-o', 'value', 'c'], 2],
    [['--', '-a'], 1],
    [['-', 'c'], 0],
    [['-o'], 2],
    [[], 0],
  ])('in %j is %i', (args, at) => {
    expect(skipOptions(args, new Set(['-o']))).toBe(at);
  });

  it('may be looked for from any place on', () => {
    expect(skipOptions(['a', '-x', 'b'], new Set(), 1)).toBe(2);
    expect(skipOptions(['a'], new Set(), 7)).toBe(7);
  });
});
