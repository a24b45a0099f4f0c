import type { ResolvedCall } from '../trial/resolved-trial.ts';

const maxPeriod = 4;
const minRepetitions = 3;

/**
 * Calls that repeat a period of at most four (tool, arguments, result) three times over. The repetitions are in
 * `calls`, the first round is not; `count` is the number of loops.
 */
export function loopsIn(tried: readonly ResolvedCall[]): { calls: ResolvedCall[]; count: number } {
  const signs = tried.map(({ question, call }) => `${question} ${call.returned?.digest ?? ''}`);
  const calls: ResolvedCall[] = [];
  let count = 0;
  for (let start = 0; start < tried.length; ) {
    const loop = loopAt(signs, start);
    if (loop) {
      count++;
      calls.push(...tried.slice(start + loop.period, loop.end));
    }
    start = loop?.end ?? start + 1;
  }
  return { calls, count };
}

function loopAt(signs: readonly string[], start: number): { period: number; end: number } | undefined {
  for (let period = 1; period <= maxPeriod; period++) {
    let end = start + period;
    while (end < signs.length && signs[end] === signs[end - period]) end++;
    if (end - start >= period * minRepetitions) return { period, end };
  }
  return undefined;
}
