import { describe, expect, it } from 'vitest';
import { meaning, spoken } from '../../src/scoring/trial/meaning.ts';
import { resolveTrial } from '../../src/scoring/trial/resolved-trial.ts';
import { showing } from '../../src/scoring/trial/shown.ts';
import { bodies, madeTrial } from './trace-builder.ts';

const shownIn = (...texts: string[]) => {
  const steps = texts.map((out) => ({ calls: [{ tool: 'look', out }] }));
  const find = showing(resolveTrial(madeTrial({ steps }), bodies));
  return (value: string, before = texts.length) => [...find(value, before)].map(({ step }) => step.index);
};

describe('values that calls showed', () => {
  const texts = [
    'order O-17 of 3 May 2026, EUR 1.200,50',
    'see https://Shop.example/x/ and call (030) 123-4567',
    'a broken li=\nnk and DE89 3704 0044 0532 0130 00',
    'Grüße, Kelvin 5\u212a, order o-17',
    '',
  ];
  const values = [
    'O-17',
    'o-17',
    '17',
    'O-1',
    '2026-05-03',
    '1200.50',
    'http://shop.example/x',
    '+49 30 1234567',
  ];
  const others = [
    'a broken link',
    'link',
    'DE89370400440532013000',
    'Grüße',
    'ß',
    '5',
    '--',
    'nothing-of-it 17',
  ];

  it.each([...values, ...others])('are found as a search of every text finds them: %s', (value) => {
    const isIn = meaning(value);
    const searched = texts.flatMap((text, at) => (isIn(spoken(text)) ? [at] : [])).reverse();
    expect(shownIn(...texts)(value)).toEqual(searched);
  });

  it('count only where they were shown before', () => {
    const find = shownIn('O-17', 'nothing', 'O-17');
    expect(find('O-17', 2)).toEqual([0]);
    expect(find('O-17', 0)).toEqual([]);
  });

  it('that stand nowhere cost no more in a long trial than in a short one, each', () => {
    const words = (at: number) =>
      Array.from({ length: 20 }, (_, one) => `word${at}x${one} 12.${at}`).join(' ');
    const milliseconds = (calls: number) => {
      const find = shownIn(...Array.from({ length: calls }, (_, at) => words(at)));
      find('warm-0');
      // The best of several tries, as anything may take the processor away from one of them.
      const tries = Array.from({ length: 5 }, (_, one) => {
        const begun = performance.now();
        for (let at = 0; at < 500; at += 1) find(`order-${at}-gone${one}`);
        return performance.now() - begun;
      });
      return Math.min(...tries);
    };
    expect(milliseconds(400)).toBeLessThan(5 * milliseconds(40) + 20);
  });
});
