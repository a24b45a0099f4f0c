import type { SetTrial } from '../../src/comparison/trial-set.ts';
import type { Random } from '../../src/statistic/random.ts';
import { normal, type SimulatedKind, simulatedTrial } from '../contamination/simulated-trial.ts';

/** How an agent behaves, as far as contamination would show. */
export interface Behaviour {
  /** In logits, beside tasks of difficulty 0 on the average. */
  ability: number;
  /** The chance that it knows an instance or a form by heart, and then passes whatever the task asks. */
  knows?: Partial<Record<SimulatedKind, number>>;
  /** The chance that an identifier in its calls stands nowhere in what it saw. */
  makesUp: Record<SimulatedKind, number>;
}

const everywhere = (share: number): Behaviour['makesUp'] => ({
  published: share,
  variant: share,
  perturbation: share,
  'perturbed-variant': share,
});

export const honest: Behaviour = { ability: 1, makesUp: everywhere(0.04) };
export const weaker: Behaviour = { ability: -0.7, makesUp: everywhere(0.08) };
export const memorisesPublished: Behaviour = {
  ability: -0.5,
  knows: { published: 0.9 },
  makesUp: { ...everywhere(0.05), published: 0.3 },
};
/** What is tried of each base task: so many fresh variants, each as often as the published instance and another form of it. */
interface Design {
  tasks: number;
  variants: number;
  attempts: number;
}

/** Tasks of random difficulty whose instances differ a little in it, with trials of each agent. */
export function simulatedTrials(
  agents: Record<string, Behaviour>,
  { tasks, variants, attempts }: Design,
  random: Random,
): SetTrial[] {
  return Array.from({ length: tasks }, (_, at) => {
    const base = `made/t${at}`;
    const hard = 1.2 * normal(random);
    const published = { kind: 'published', hard: hard + 0.3 * normal(random) } as const;
    const instances: { kind: SimulatedKind; hard: number }[] = [
      published,
      ...Array.from(
        { length: variants },
        () => ({ kind: 'variant', hard: hard + 0.3 * normal(random) }) as const,
      ),
      { kind: 'perturbation', hard: published.hard },
    ];
    return instances.flatMap((instance, number) =>
      Object.entries(agents).flatMap(([agent, behaviour]) =>
        Array.from({ length: attempts }, (_, attempt) =>
          made({ agent, base, seed: `s${number}`, attempt: attempt + 1, ...instance }, behaviour, random),
        ),
      ),
    );
  }).flat();
}

interface Made {
  agent: string;
  base: string;
  seed: string;
  kind: SimulatedKind;
  hard: number;
  attempt: number;
}

function made(
  { agent, base, seed, kind, hard, attempt }: Made,
  behaviour: Behaviour,
  random: Random,
): SetTrial {
  const { ability, knows = {}, makesUp } = behaviour;
  const knew = random() < (knows[kind] ?? 0);
  const passes = knew || random() < 1 / (1 + Math.exp(hard - ability));
  const unseen = Array.from({ length: 6 }, () => random() < makesUp[kind]);
  return simulatedTrial({ agent, base, seed, kind, attempt, passes, unseen });
}
