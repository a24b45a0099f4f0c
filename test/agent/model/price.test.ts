import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { costOf, listPrices, parsePrice, readPrices } from '../../../src/agent/model/price.ts';

async function file(name: string, text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'prices-')), name);
  await writeFile(path, text);
  return path;
}

const usage = { input: 1_000_000, output: 1_000_000 };

it('gives a dated model the price of the undated one', () => {
  expect(costOf(usage, 'gpt-4.1-2025-04-14', listPrices)).toBe(10);
});

it('charges cached input in full where no price for it is known', () => {
  expect(costOf({ ...usage, cached: 500_000 }, 'm', { m: { input: 1, output: 2 } })).toBe(3);
});

it.each([
  ['prices.toml', '["my/model"]\ninput = 1\noutput = 2\n\n["gpt-4.1"]\ninput = 5\noutput = 5\n'],
  ['prices.json', '{"my/model": {"input": 1, "output": 2}, "gpt-4.1": {"input": 5, "output": 5}}'],
])('puts the prices of %s over the list', async (name, text) => {
  const prices = readPrices(await file(name, text));
  expect(costOf(usage, 'my/model', prices)).toBe(3);
  expect(costOf(usage, 'gpt-4.1', prices)).toBe(10);
  expect(prices['gpt-4o']).toEqual(listPrices['gpt-4o']);
});

it('names what is wrong in a price table', async () => {
  const path = await file('prices.toml', '[m]\ninput = 1\noutptu = 2\n');
  expect(() => readPrices(path)).toThrow(expect.objectContaining({ code: 'bad-file' }));
  expect(() => readPrices(path)).toThrow(/prices.toml.*outptu/);
});

describe('a price on the command line', () => {
  it('holds for every model', () => {
    expect(parsePrice('in=3,out=15')).toEqual({ input: 3, output: 15 });
    const table = { '*': parsePrice(' out = 2, in=1, cached=0.5 ') };
    expect(costOf({ input: 1e6, output: 1e6, cached: 1e6 }, 'anything', table)).toBe(2.5);
  });

  it.each(['', 'in=3', 'in=3,out=', 'in=3,out=-1', 'in=3,out=x', 'in=3,out=1,more=2'])(
    'is refused where it is none: %j',
    (text) => {
      expect(() => parsePrice(text)).toThrow(
        /--price .*: expected in=3,out=15, in US dollars per million tokens/,
      );
    },
  );
});
