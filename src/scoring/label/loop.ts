import type { LabelScorer } from './label-scorer.ts';

const maxPeriod = 4;
const minRepetitions = 3;

/**
 * Calls that repeat a period of at most four (tool, arguments, result) three times over. The repetitions bear the
 * label, the first round does not; `count` is the number of loops.
 */
export const loopScorer: LabelScorer = {
  name: 'loop',
  score(resolved) {
    const calls = resolved.calls.filter((call) => call.tried);
    const signs = calls.map(({ question, call }) => `${question} ${call.returned?.digest ?? ''}`);
    const callIds = new Set<string>();
    let count = 0;
    for (let start = 0; start < calls.length; ) {
      const loop = loopAt(signs, start);
      if (!loop) {
        start++;
        continue;
      }
      count++;
      for (const { call } of calls.slice(start + loop.period, loop.end)) callIds.add(call.callId);
      start = loop.end;
    }
    return { part: { callIds, count }, unscored: [] };
  },
};

function loopAt(signs: readonly string[], start: number): { period: number; end: number } | undefined {
  for (let period = 1; period <= maxPeriod; period++) {
    let end = start + period;
    while (end < signs.length && signs[end] === signs[end - period]) end++;
    if (end - start >= period * minRepetitions) return { period, end };
  }
  return undefined;
}
