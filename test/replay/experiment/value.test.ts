import { describe, expect, it } from 'vitest';
import { largestDrop } from '../../../src/replay/experiment/value.ts';
import golden from '../../statistic/golden.json' with { type: 'json' };

const forks = { diverged: 0, unscored: 0, notRun: 0 };
const step = (index: number, succeeded: number, of = 20) => ({ step: index, succeeded, of, ...forks });
const failed = (index: number) => ({ step: index, succeeded: false });

describe('the step that cost most', () => {
  it('is the known one of known values', () => {
    const { input, expect: known } = golden.value_drop;
    const [begun = 0, ...values] = input.V;
    const forks = 20;
    const steps = values.slice(0, -1).map((value, index) => step(index, value * forks, forks));
    const drop = largestDrop({ succeeded: begun * forks, of: forks }, steps, failed(values.length - 1));
    expect(drop?.step).toBe(known.decisive_step - 1);
    expect((drop?.from ?? 0) - (drop?.to ?? 0)).toBeCloseTo(known.max_drop, 10);
  });

  it('is the one after which fewer continuations succeed than before it', () => {
    const drop = largestDrop({ succeeded: 18, of: 20 }, [step(0, 18), step(1, 2), step(2, 1)], failed(3));
    expect(drop).toEqual({ step: 1, from: 0.9, to: 0.1, apart: true });
  });

  it('may be the first, against how the agent did from the beginning', () => {
    const drop = largestDrop({ succeeded: 3, of: 4 }, [step(0, 0, 4), step(1, 0, 4)], failed(2));
    expect(drop).toMatchObject({ step: 0, from: 0.75, to: 0, apart: false });
  });

  it('may be the last, after which nothing could be continued', () => {
    expect(largestDrop({ succeeded: 4, of: 4 }, [step(0, 4, 4)], failed(1))).toMatchObject({ step: 1 });
  });

  it('is not told where none cost anything, and looks past steps without a fork that counts', () => {
    expect(largestDrop({ succeeded: 0, of: 4 }, [step(0, 0, 4)], failed(1))).toBeUndefined();
    expect(largestDrop({ succeeded: 4, of: 4 }, [step(0, 0, 0), step(1, 0, 4)], failed(2))).toMatchObject({
      step: 1,
    });
  });
});
