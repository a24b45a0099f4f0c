import { describe, expect, it } from 'vitest';
import {
  count,
  duration,
  estimate,
  harmless,
  harmlessInColor,
  instanceLine,
  money,
  percent,
  proportion,
  several,
  share,
  size,
} from '../src/format.ts';

describe('a figure is written', () => {
  it('as a dash where it could not be judged', () => {
    const unscored = { unscored: 'no trial was scored' };
    expect([share(unscored), estimate(unscored), money(unscored)]).toEqual(['–', '–', '–']);
    expect(proportion(unscored)).toBe('not judged');
    expect([count(undefined), duration(undefined)]).toEqual(['–', '–']);
  });

  it('with how many were not judged, and none of those that nobody judged', () => {
    const interval = { low: 0.1, high: 0.9 };
    expect(proportion({ count: 1, n: 2, interval, unjudged: 3 })).toBe('1 of 2, 3 not judged [0.10, 0.90]');
    const bound = { low: 0, high: 0.78, method: 'zero-of-n' };
    expect(proportion({ count: 0, n: 2, interval: bound, unjudged: 1 })).toBe(
      '0 of 2 (≤ 0.78), 1 not judged',
    );
  });

  it('with its interval where it rests on more than one attempt', () => {
    const interval = { low: 0.3, high: 0.954 };
    expect(estimate({ mean: 0.75, n: 4, interval })).toBe('0.75 [0.30, 0.95]');
    expect(estimate({ mean: 0.75, n: 4, interval }, percent)).toBe('75 % (30\u00a0to\u00a095\u00a0%)');
    expect(estimate({ mean: 1, n: 1, interval })).toBe('1.00');
  });

  it('as a bound where it was never seen', () => {
    const never = { count: 0, n: 8, interval: { low: 0, high: 0.312, method: 'zero-of-n' } };
    expect(proportion(never)).toBe('0 of 8 (≤ 0.31)');
    expect(proportion(never, percent)).toBe('0 of 8 (≤ 31 %)');
    expect(proportion({ count: 1, n: 8, interval: { low: 0.02, high: 0.47 } })).toBe('1 of 8 [0.02, 0.47]');
  });

  it('in the unit that reads best', () => {
    expect([0, 0.0042, 1.2].map(money)).toEqual(['$0.00', '$0.0042', '$1.20']);
    expect([950, 12_300, 4_500_000].map(count)).toEqual(['950', '12.3k', '4.5M']);
    expect([4.2, 340, 12_500, 59_949, 59_960, 200_000].map(duration)).toEqual([
      '4.2 ms',
      '340 ms',
      '12.5 s',
      '59.9 s',
      '1 min 0 s',
      '3 min 20 s',
    ]);
    expect([512, 3400, 20_000_000].map(size)).toEqual(['512 B', '3.4 kB', '20.0 MB']);
  });

  it('with its noun in the right number', () => {
    expect([several(1, 'step'), several(2, 'step')]).toEqual(['1 step', '2 steps']);
  });
});

it('shows control characters by their code, and keeps colours only where they are its own', () => {
  const text = '\x1b]0;owned\x07\x1b[2J\x1b[31m red\x1b[0m \u202e rtl\r\n\tx\x9b';
  const shown = '\\x1b]0;owned\\x07\\x1b[2J';
  expect(harmless(text)).toBe(`${shown}\\x1b[31m red\\x1b[0m \\u202e rtl\\x0d\n\tx\\x9b`);
  expect(harmlessInColor(text)).toBe(`${shown}\x1b[31m red\x1b[0m \\u202e rtl\\x0d\n\tx\\x9b`);
});

it('an instance says what it is made of, and which changes of form it has and has not', () => {
  const tag = { base: 'shell/a', seed: 's1' };
  expect(instanceLine({ ...tag, kind: 'variant' })).toBe(
    'instance of shell/a by seed s1, with content of its own',
  );
  const perturbations = [
    { name: 'wording', strength: 2 as const },
    { name: 'keys', strength: 1 as const, notApplied: 'none declared' },
  ];
  expect(instanceLine({ ...tag, kind: 'perturbation', perturbations })).toBe(
    'instance of shell/a by seed s1, with the published content; in another form: wording:2; not applied: keys:1',
  );
});
