import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/statistic/random.ts';
import { behaviours, judged, simulate } from './simulation.ts';

const seed = 20_261_130;
const design = { tasks: 60, variants: 3, attempts: 2 };
const simulations = 10;

/** How many of these simulations get the verdict they should. */
function rightOf(name: string, beside: boolean) {
  const behaviour = behaviours[name];
  if (!behaviour) throw new Error(`no behaviour ${name}`);
  const random = seededRandom(seed);
  const said = Array.from({ length: simulations }, () =>
    judged(simulate(behaviour, design, random, beside), beside),
  );
  const wanted = behaviour.knows ? ['suspicious', 'strong'] : ['no evidence'];
  return said.filter((one) => wanted.includes(one)).length;
}

describe(`contamination over ${design.tasks} base tasks, simulated by seed ${seed}`, {
  timeout: 20_000,
}, () => {
  it.each(Object.keys(behaviours))('is told of an agent beside a reference: %s', (name) => {
    expect(rightOf(name, true)).toBeGreaterThanOrEqual(9);
  });

  it('is told of an agent alone that knows what is published', () => {
    expect(rightOf('memorises the published instance', false)).toBeGreaterThanOrEqual(9);
  });
});
