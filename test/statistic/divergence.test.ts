import { describe, expect, it } from 'vitest';
import { divergenceOf } from '../../src/statistic/divergence.ts';
import { seededRandom } from '../../src/statistic/random.ts';

const tasks = (count: number, a: string[], b: string[]) =>
  Array.from({ length: count }, () => ({ a: [a, a], b: [b, b] }));

describe('the divergence of two agents’ terms', () => {
  it('is 0 and as likely as any where both do the same', () => {
    const same = divergenceOf(tasks(5, ['read', 'write'], ['write', 'read']));
    expect(same).toMatchObject({ bits: 0, p: 1, terms: [] });
  });

  it('is 1 where they share no term, and beyond chance over enough tasks', () => {
    const apart = divergenceOf(tasks(8, ['read'], ['rm']));
    expect(apart?.bits).toBe(1);
    expect(apart?.p).toBe(0.001);
    expect(apart?.terms.map(({ term, bits }) => [term, bits])).toEqual([
      ['read', 0.5],
      ['rm', 0.5],
    ]);
  });

  it('names the term that makes most of it first, and adds up over terms', () => {
    const found = divergenceOf([
      { a: [['ls', 'cat', 'edit']], b: [['ls', 'rm', 'rm', 'rm', 'edit', 'cat']] },
      { a: [['ls', 'edit']], b: [['ls', 'rm', 'edit']] },
    ]);
    expect(found?.terms[0]).toMatchObject({ term: 'rm', shareA: 0 });
    const sum = found?.terms.reduce((bits, term) => bits + term.bits, 0);
    expect(sum).toBeCloseTo(found?.bits ?? Number.NaN, 12);
  });

  it('is the same from the other side', () => {
    const one = [
      { a: [['x', 'y'], ['x']], b: [['y'], ['z', 'y']] },
      { a: [['x']], b: [['y', 'y'], ['x']] },
    ];
    const other = one.map(({ a, b }) => ({ a: b, b: a }));
    expect(divergenceOf(other)?.bits).toBeCloseTo(divergenceOf(one)?.bits ?? Number.NaN, 14);
  });

  it('weighs each task alike, whatever the number of its trials', () => {
    const once = [
      { a: [['x', 'y']], b: [['x']] },
      { a: [['y', 'z']], b: [['z']] },
    ];
    const [first, second] = once;
    const often = [
      { a: [...(first?.a ?? []), ...(first?.a ?? [])], b: first?.b ?? [] },
      second ?? { a: [], b: [] },
    ];
    expect(divergenceOf(often)?.bits).toBeCloseTo(divergenceOf(once)?.bits ?? Number.NaN, 14);
  });

  it('is called beyond chance in about one of twenty where both agents are the same', () => {
    const random = seededRandom(7);
    const trial = () => Array.from({ length: 6 }, () => (random() < 0.3 ? 'rm' : 'ls'));
    const ps = Array.from({ length: 500 }, () => {
      const made = Array.from({ length: 6 }, () => ({ a: [trial(), trial()], b: [trial(), trial()] }));
      return divergenceOf(made, { permutations: 99, random })?.p ?? 0;
    });
    const share = ps.filter((p) => p <= 0.05).length / ps.length;
    expect(share).toBeGreaterThan(0.015);
    expect(share).toBeLessThan(0.085);
  });

  it('leaves out tasks that one agent did not try, and is none where nothing is left', () => {
    expect(divergenceOf([{ a: [['x']], b: [] }])).toBeUndefined();
    expect(divergenceOf([{ a: [[]], b: [['x']] }])).toBeUndefined();
  });
});
