import { describe, expect, test } from 'vitest';
import { loadGenerator } from '../../../src/task/generate/generator.ts';
import { folderOf } from '../../folder.ts';

const generatorOf = (body: string) =>
  loadGenerator(folderOf({ 'generate.ts': `export default (seed: string, random) => { ${body} };` }));

describe('a generator', () => {
  test('gives the instance of a seed', async () => {
    const generate = await generatorOf('return { words: { seed }, covariates: { rows: random.int(5, 5) } };');
    expect(generate('s1')).toMatchObject({ words: { seed: 's1' }, covariates: { rows: 5 } });
  });

  test.each([
    [
      'the clock',
      'return { words: { now: String(new Date()) } };',
      /generate\.ts: seed s: asks for the clock/,
    ],
    ['the clock', 'return { words: { now: String(Date.now()) } };', /asks for the clock/],
    ['chance', 'return { words: { x: String(Math.random()) } };', /chance comes from `random`/],
    ['the network', 'fetch("http://localhost"); return {};', /asks for the network/],
    [
      'what went before',
      'globalThis.n = (globalThis.n ?? 0) + 1; return { words: { n: String(globalThis.n) } };',
      /another instance the second time/,
    ],
    ['a mistake', 'return { wrods: {} };', /wrods: unknown key; did you mean "words"/],
    ['a promise', 'return Promise.resolve({});', /got a promise/],
    ['an error', 'throw new Error("no rows");', /seed s: no rows/],
  ])('that depends on %s is refused', async (_, body, message) => {
    const generate = await generatorOf(body);
    expect(() => generate('s')).toThrow(message);
    expect(Date.now()).toBeGreaterThan(0);
    expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
  });

  test('may use dates that are given', async () => {
    const generate = await generatorOf(
      'return { words: { day: new Date(Date.UTC(2026, 2, 1)).toISOString() } };',
    );
    expect(generate('s').words).toEqual({ day: '2026-03-01T00:00:00.000Z' });
  });

  test('that is no function, or no module, is named', async () => {
    await expect(loadGenerator(folderOf({ 'generate.ts': 'export default 3;' }))).rejects.toThrow(
      /generate\.ts: expected a default export \(seed, random\) => instance, got number/,
    );
    await expect(loadGenerator(folderOf({ 'generate.ts': 'export default (;' }))).rejects.toThrow(
      /generate\.ts: cannot be loaded/,
    );
  });
});
