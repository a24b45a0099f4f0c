import { describe, expect, it } from 'vitest';
import { toldLimits } from '../../../src/agent/model/told-limits.ts';

const at = 'Tue, 01 Dec 2026 06:00:00 GMT';

describe('limits that an endpoint tells', () => {
  it.each([
    [
      'OpenAI’s',
      {
        'x-ratelimit-limit-requests': '500',
        'x-ratelimit-remaining-requests': '499',
        'x-ratelimit-reset-requests': '120ms',
        'x-ratelimit-limit-tokens': '30000',
        'x-ratelimit-remaining-tokens': '29000',
        'x-ratelimit-reset-tokens': '2s',
      },
      { requests: { perMinute: 500, remaining: 499 }, tokens: { perMinute: 30_000, remaining: 29_000 } },
    ],
    [
      'Anthropic’s, by the clock of the endpoint',
      {
        date: at,
        'anthropic-ratelimit-requests-limit': '50',
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': '2026-12-01T06:01:00Z',
        'anthropic-ratelimit-tokens-limit': '40000',
        'anthropic-ratelimit-tokens-remaining': '12000',
        'anthropic-ratelimit-input-tokens-limit': '30000',
      },
      { requests: { perMinute: 50, remaining: 0 }, tokens: { perMinute: 40_000, remaining: 12_000 } },
    ],
    [
      'Anthropic’s of input alone',
      { 'anthropic-ratelimit-input-tokens-limit': '30000' },
      { tokens: { perMinute: 30_000 } },
    ],
    [
      'those of a longer time than a minute',
      {
        'x-ratelimit-limit-requests': '200',
        'x-ratelimit-remaining-requests': '20',
        'x-ratelimit-reset-requests': '1h40m0s',
      },
      { requests: { perMinute: 2, remaining: 20 } },
    ],
    [
      'what remains, where the rest can’t be read',
      {
        'x-ratelimit-limit-tokens': 'many',
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-reset-requests': 'soon',
      },
      { requests: { perMinute: 60 } },
    ],
    ['nothing', { 'content-type': 'text/event-stream', 'x-ratelimit-limit-tokens': '0' }, undefined],
  ])('are %s', (_, headers, told) => {
    expect(toldLimits(new Headers(headers as Record<string, string>))).toEqual(told);
  });
});
