import { expect, it } from 'vitest';
import { toldCost, toldTokens } from '../../../src/agent/model/told-usage.ts';
import type { JsonObject } from '../../../src/schema/json.ts';

const base = { prompt_tokens: 100, completion_tokens: 10 };
const details = (cached_tokens: number) => ({ prompt_tokens_details: { cached_tokens } });

it.each<[string, JsonObject, object | undefined]>([
  ['a sum in place of one side', { prompt_tokens: 100, total_tokens: 110 }, { input: 100, output: 10 }],
  [
    'null for one side',
    { prompt_tokens: 100, completion_tokens: null, total_tokens: 100 },
    { input: 100, output: 0 },
  ],
  ['one side alone', { prompt_tokens: 100 }, undefined],
  ['nothing', {}, undefined],
  ['fractions', { ...base, completion_tokens: 10.4 }, { input: 100, output: 10 }],
  [
    'cached tokens in a field of their own',
    { ...base, prompt_cache_hit_tokens: 80 },
    { input: 100, output: 10, cached: 80 },
  ],
  [
    'more cached than read',
    { ...base, total_tokens: 110, ...details(180) },
    { input: 100, output: 10, cached: 100 },
  ],
  [
    'cached beside what was read',
    { ...base, total_tokens: 290, ...details(180) },
    { input: 280, output: 10, cached: 180 },
  ],
  [
    'reasoning beside the output',
    { ...base, total_tokens: 130, completion_tokens_details: { reasoning_tokens: 20 } },
    { input: 100, output: 30, reasoning: 20 },
  ],
  [
    'the names of the Responses API',
    { input_tokens: 100, output_tokens: 10, input_tokens_details: { cached_tokens: 5 } },
    { input: 100, output: 10, cached: 5 },
  ],
  [
    'the names of Messages, which leave out what was cached',
    { input_tokens: 100, output_tokens: 10, cache_read_input_tokens: 40, cache_creation_input_tokens: 5 },
    { input: 145, output: 10, cached: 40 },
  ],
])('reads %s', (_, usage, tokens) => {
  expect(toldTokens(usage)).toEqual(tokens);
});

it('knows what the provider billed', () => {
  expect(toldCost({ ...base, cost: 0.0123 })).toBe(0.0123);
  expect(toldCost({ ...base, cost: 'free' })).toBeUndefined();
});
