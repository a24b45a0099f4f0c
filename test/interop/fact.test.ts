import { describe, expect, it } from 'vitest';
import { stepFacts, trialFacts } from '../../src/interop/foreign/fact.ts';

const asked = { type: 'probe.answered', durationMs: 0 };

describe('facts that were exported from a trace of version 1', () => {
  it('are read as events of the newest version', () => {
    const initial = [
      { ...asked, probe: 'state', digest: 'd', value: '{}' },
      { ...asked, probe: 'milestone', name: 'm', held: true },
      { ...asked, probe: 'canaries', spread: [] },
      { ...asked, probe: 'texts', contents: {} },
    ];
    const read = trialFacts.shape.initial.parse(initial).map(({ type }) => type);
    expect(read).toEqual(['state.observed', 'milestone.checked', 'canaries.scanned', 'texts.kept']);
    const probes = [{ ...asked, probe: 'milestone', step: 3, name: 'm', error: 'not known' }];
    expect(stepFacts.shape.probes.parse(probes)).toEqual([
      { type: 'milestone.checked', step: 3, name: 'm', error: 'not known', durationMs: 0 },
    ]);
  });

  it('are refused where they are of another type', () => {
    const { error } = stepFacts.shape.probes.safeParse([{ type: 'step.finished', step: 0 }]);
    expect(error?.issues[0]?.message).toBe(
      'expected state.observed or milestone.checked or canaries.scanned',
    );
  });
});
