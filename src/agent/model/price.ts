import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import { readAuthorFile } from '../../schema/author-file.ts';
import type { TokenUsage } from '../../schema/decision.ts';

/** US dollars per million tokens; cached input costs as much as other input where `cached` is missing. */
const price = z.strictObject({
  input: z.number().nonnegative(),
  cached: z.number().nonnegative().optional(),
  output: z.number().nonnegative(),
});

/** Prices by model name; `*` is any other model. */
const prices = z.record(z.string(), price);
export type Prices = z.infer<typeof prices>;

/** The price of a model; undefined where none is known. A dated name such as `gpt-4.1-2025-04-14` has the undated one's. */
export const priceOf = (model: string, table: Prices) =>
  table[model] ?? table[model.replace(/-\d{4}-\d{2}-\d{2}$/, '')] ?? table['*'];

/** Reads `in=3,out=15`, in US dollars per million tokens, with `cached=…` where cached input is cheaper. Throws `bad-flag`. */
export function parsePrice(text: string): Prices[string] {
  const names = { in: 'input', cached: 'cached', out: 'output' };
  const pairs = text.split(',').map((pair) => {
    const [key = '', value] = pair.split('=').map((part) => part.trim());
    return [
      Object.hasOwn(names, key) ? names[key as keyof typeof names] : key,
      value ? Number(value) : value,
    ];
  });
  const parsed = price.safeParse(Object.fromEntries(pairs));
  if (parsed.success) return parsed.data;
  throw new ProctorError(
    'bad-flag',
    `--price ${text}: expected in=3,out=15, in US dollars per million tokens`,
  );
}

/**
 * List prices of OpenAI's standard tier for short contexts, as publications of 2026 quoted
 * https://developers.openai.com/api/docs/pricing; collected on 2026-11-24. Prices change: the user's own table wins.
 */
export const listPrices: Prices = {
  'gpt-6-astra': { input: 10, cached: 1, output: 50 },
  'gpt-6-sol': { input: 2, cached: 0.2, output: 10 },
  'gpt-6-luna': { input: 0.1, cached: 0.01, output: 0.5 },
  'gpt-5.6-terra': { input: 2, cached: 0.2, output: 12 },
  'gpt-5.6-luna': { input: 0.2, cached: 0.02, output: 1.2 },
  'gpt-5.5': { input: 5, cached: 0.5, output: 30 },
  'gpt-5.4': { input: 2.5, cached: 0.25, output: 15 },
  'gpt-5.4-mini': { input: 0.75, cached: 0.075, output: 4.5 },
  'gpt-5.4-nano': { input: 0.2, cached: 0.02, output: 1.25 },
  'gpt-5.2': { input: 1.75, cached: 0.175, output: 14 },
  'gpt-5.1': { input: 1.25, cached: 0.125, output: 10 },
  'gpt-5': { input: 1.25, cached: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cached: 0.025, output: 2 },
  'gpt-5-nano': { input: 0.05, cached: 0.005, output: 0.4 },
  'gpt-4.1': { input: 2, cached: 0.5, output: 8 },
  'gpt-4.1-mini': { input: 0.4, cached: 0.1, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, cached: 0.025, output: 0.4 },
  'gpt-4o': { input: 2.5, cached: 1.25, output: 10 },
  'gpt-4o-mini': { input: 0.15, cached: 0.075, output: 0.6 },
  'o4-mini': { input: 1.1, cached: 0.275, output: 4.4 },
};

/**
 * Prices with those of a TOML or JSON file put over them: a table per model with `input`, `output` and
 * optionally `cached`, in US dollars per million tokens. Throws `bad-file`.
 */
export function readPrices(file: string, under: Prices = listPrices): Prices {
  return { ...under, ...readAuthorFile(file, prices) };
}

/** US dollars; undefined where no price is known. */
export function costOf(usage: TokenUsage, model: string, table: Prices): number | undefined {
  const known = priceOf(model, table);
  if (!known) return undefined;
  const cached = usage.cached ?? 0;
  const input = (usage.input - cached) * known.input + cached * (known.cached ?? known.input);
  return (input + usage.output * known.output) / 1e6;
}
