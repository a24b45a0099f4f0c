import { describe, expect, it } from 'vitest';
import { contaminationOf } from '../../src/contamination/contamination.ts';
import { isUnscored } from '../../src/schema/score.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import {
  type Behaviour,
  honest,
  memorisesPublished,
  memorisesTemplate,
  overfitsWording,
  simulatedTrials,
  weaker,
} from './simulated.ts';

const seed = 20261130;
const design = { tasks: 26, variants: 3, attempts: 2 };
const simulations = 100;
const canaries = { unscored: 'simulated' };

/** How often each verdict was reached, with and without a reference. */
function verdictsOf(behaviour: Behaviour, withReference: boolean) {
  const counts: Record<string, number> = {};
  for (let at = 0; at < simulations; at++) {
    const random = seededRandom(seed + at);
    const agents = { agent: behaviour, ...(withReference && { reference: honest }) };
    const { verdict } = contaminationOf(simulatedTrials(agents, design, random), {
      agent: 'agent',
      ...(withReference && { reference: 'reference' }),
      canaries,
    });
    const name = isUnscored(verdict) ? 'unscored' : verdict;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const expected: [string, Behaviour, string, boolean[]][] = [
  ['memorises the published instances', memorisesPublished, 'strong', [true, false]],
  ['memorises how they are made', memorisesTemplate, 'suspicious', [true]],
  ['overfits to wording', overfitsWording, 'suspicious', [true, false]],
  ['is honest', honest, 'no evidence', [true, false]],
  ['is honest but weaker', weaker, 'no evidence', [true, false]],
];
const cases = expected.flatMap(([name, behaviour, verdict, references]) =>
  references.map((withReference) => ({ name, behaviour, verdict, withReference })),
);

describe(`contamination, simulated by seed ${seed}`, { timeout: 20_000 }, () => {
  it.each(cases)(
    'says "$verdict" of an agent that $name, in 95 of 100 (reference: $withReference)',
    ({ behaviour, verdict, withReference }) => {
      const counts = verdictsOf(behaviour, withReference);
      expect(counts[verdict] ?? 0, JSON.stringify(counts)).toBeGreaterThanOrEqual(95);
    },
  );
});
