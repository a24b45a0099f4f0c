import { describe, expect, it } from 'vitest';
import { gapParts, splitOver } from '../../../src/replay/experiment/split.ts';

const forks = (succeeded: number, of = 4) => ({ succeeded, of });

describe('the gap between two agents at a task', () => {
  it('is made before the cut where whoever plays B’s beginning fails', () => {
    const parts = gapParts({ aa: forks(4), ab: forks(4), ba: forks(0), bb: forks(0) });
    expect(parts).toEqual({ gap: -1, prefix: -1, suffix: 0, interaction: 0 });
  });

  it('is made after the cut where whoever hands over to B fails', () => {
    const parts = gapParts({ aa: forks(4), ab: forks(0), ba: forks(4), bb: forks(0) });
    expect(parts).toMatchObject({ gap: -1, suffix: -1, interaction: 0 });
  });

  it('is shared, with an interaction, where both are needed', () => {
    const parts = gapParts({ aa: forks(4), ab: forks(0), ba: forks(0), bb: forks(0) });
    expect(parts).toEqual({ gap: -1, prefix: -0.5, suffix: -0.5, interaction: 1 });
  });

  it('adds up to the whole, and turns around when the two change places', () => {
    const [aa, ab, ba, bb] = [forks(3), forks(2), forks(1), forks(4)];
    const parts = gapParts({ aa, ab, ba, bb });
    const mirrored = gapParts({ aa: bb, ab: ba, ba: ab, bb: aa });
    if ('unscored' in parts || 'unscored' in mirrored) throw new Error('expected both');
    expect(parts.prefix + parts.suffix).toBeCloseTo(parts.gap);
    expect(mirrored.prefix).toBeCloseTo(-parts.prefix);
    expect(mirrored.suffix).toBeCloseTo(-parts.suffix);
  });

  it('is unscored where a combination has no fork that counts', () => {
    expect(gapParts({ aa: forks(4), ab: forks(0, 0), ba: forks(0), bb: forks(0) })).toEqual({
      unscored: 'no fork of ab counts',
    });
  });
});

describe('the gap over tasks', () => {
  const task = (prefix: number, suffix: number) => ({ gap: prefix + suffix, prefix, suffix, interaction: 0 });

  it('has an interval over tasks, and is descriptive under ten of them', () => {
    const some = splitOver([task(-1, 0), task(-0.5, 0), task(-1, 0.5), { unscored: 'no fork' }]);
    expect(some).toMatchObject({
      tasks: 3,
      descriptive: true,
      prefix: { interval: { low: expect.any(Number) } },
    });
    const many = splitOver(Array.from({ length: 10 }, (_, index) => task(-1, index % 2)));
    expect(many).toMatchObject({
      tasks: 10,
      descriptive: false,
      suffix: { mean: 0.5 },
      prefix: { mean: -1 },
    });
  });

  it('is unscored without a whole task', () => {
    expect(splitOver([])).toHaveProperty('unscored');
  });
});
