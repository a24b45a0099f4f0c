import type { ToldLimits } from '../../queue/budget/rate-gate.ts';

/**
 * What the headers of an answer tell of the limits of its key, as OpenAI (`x-ratelimit-limit-tokens`) and Anthropic
 * (`anthropic-ratelimit-tokens-limit`) name them; undefined where they tell none. A limit counts by the minute, or by the time until it is
 * whole again where that is longer: some count by the day.
 * Source: https://platform.openai.com/docs/guides/rate-limits and https://docs.anthropic.com/en/api/rate-limits
 */
export function toldLimits(headers: Headers): ToldLimits | undefined {
  // By the endpoint's own clock, where it says what that shows.
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const tokens =
    limitIn(headers, 'tokens', now) ??
    limitIn(headers, 'project-tokens', now) ??
    limitIn(headers, 'input-tokens', now);
  const requests = limitIn(headers, 'requests', now);
  if (!tokens && !requests) return undefined;
  return { ...(tokens && { tokens }), ...(requests && { requests }) };
}

function limitIn(headers: Headers, kind: string, now: number): ToldLimits['tokens'] {
  const field = (name: string) =>
    headers.get(`x-ratelimit-${name}-${kind}`) ?? headers.get(`anthropic-ratelimit-${kind}-${name}`);
  const limit = amount(field('limit'));
  if (limit === undefined || limit === 0) return undefined;
  const remaining = amount(field('remaining'));
  return {
    perMinute: limit / Math.max(1, (resetMs(field('reset'), now) ?? 0) / minuteMs),
    ...(remaining !== undefined && { remaining }),
  };
}

const minuteMs = 60_000;

function amount(text: string | null): number | undefined {
  const number = Number(text ?? Number.NaN);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

const unitMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: minuteMs,
  h: 60 * minuteMs,
  d: 24 * 60 * minuteMs,
};

/** Milliseconds from `6m0s`, `250ms`, `12` (seconds) or a date. */
function resetMs(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text))
    return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)].reduce(
      (sum, [, number, unit = 's']) => sum + Number(number) * (unitMs[unit] ?? 0),
      0,
    );
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
