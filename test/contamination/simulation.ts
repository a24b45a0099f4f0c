import type { SetTrial } from '../../src/comparison/trial-set.ts';
import { contaminationOf } from '../../src/contamination/contamination.ts';
import { isUnscored } from '../../src/schema/score.ts';
import type { Random } from '../../src/statistic/random.ts';
import { normal, simulatedTrial } from './simulated-trial.ts';

/** What is tried, and how often. */
export interface Design {
  tasks: number;
  variants: number;
  attempts: number;
}

/** What is so of one simulated agent; drawn anew in each simulation. */
interface Person {
  /** In logits, where a task that half of such agents pass is 0. */
  ability: number;
  /** Shares of base tasks whose published instance, or whose way of being made, it has by heart. */
  instancesKnown: number;
  templatesKnown: number;
  /** How often it names, from memory, what it was not shown yet, of what it knows. */
  recites: number;
  /** Logits that another form costs it. */
  lostInForm: number;
}

/** A kind of agent, and whether judging it is to find something. */
export interface Behaviour {
  knows: boolean;
  draw(random: Random): Partial<Person> & Pick<Person, 'ability'>;
}

const between = (random: Random, low: number, high: number) => low + (high - low) * random();

/**
 * Shares known are from half of the suite to all of it, and abilities overlap, so that a score alone gives nobody away. The reference is an honest
 * agent of any ability.
 */
export const behaviours: Record<string, Behaviour> = {
  honest: { knows: false, draw: (random) => ({ ability: between(random, 0, 1.5) }) },
  'honest but weaker': { knows: false, draw: (random) => ({ ability: between(random, -1.5, 0) }) },
  'memorises the published instance': {
    knows: true,
    draw: (random) => ({
      ability: between(random, -1.5, 0.5),
      instancesKnown: between(random, 0.5, 1),
      recites: between(random, 0.1, 0.5),
    }),
  },
  'memorises the template': {
    knows: true,
    draw: (random) => ({
      ability: between(random, -1.5, 0.5),
      templatesKnown: between(random, 0.5, 1),
      recites: between(random, 0.1, 0.5),
    }),
  },
  'overfits to wording': {
    knows: true,
    draw: (random) => ({ ability: between(random, 0, 1.5), lostInForm: between(random, 1.5, 3) }),
  },
};

const reference = (random: Random) => ({ ability: between(random, -1, 1.5) });

/** What is so of tasks: how far apart they are in difficulty, their instances from each other, and forms to anybody; in logits. */
const spread = { tasks: 1.3, instances: 0.5, forms: 0.2 };
/** Who knows an instance passes it unless something slips. */
const slips = 0.05;
/** How often anybody guesses an identifier: about one of 20, by tasks more or less. */
const guesses = { mean: -3, spread: 0.7 };

interface Instance {
  kind: 'published' | 'variant' | 'perturbation';
  seed: string;
  hard: number;
}

interface BaseTask {
  base: string;
  guessed: number;
  instances: Instance[];
}

/** Item response over tasks and their instances; what is known of a task is known in all trials of it. */
export function simulate(behaviour: Behaviour, design: Design, random: Random, withReference: boolean) {
  const tasks = Array.from({ length: design.tasks }, (_, at) => taskOf(`made/t${at}`, design, random));
  const trials = trialsOf('agent', behaviour.draw(random), tasks, design, random);
  const others = withReference ? trialsOf('reference', reference(random), tasks, design, random) : [];
  return [...trials, ...others];
}

/** The verdict over a simulation; why where there is none. */
export function judged(trials: readonly SetTrial[], withReference: boolean): string {
  const { verdict } = contaminationOf(trials, {
    agent: 'agent',
    canaries: { unscored: 'simulated' },
    ...(withReference && { reference: 'reference' }),
  });
  return isUnscored(verdict) ? verdict.unscored : verdict;
}

function taskOf(base: string, { variants }: Design, random: Random): BaseTask {
  const hard = spread.tasks * normal(random);
  const instance = (kind: Instance['kind'], seed: string) => ({
    kind,
    seed,
    hard: hard + spread.instances * normal(random),
  });
  const published = instance('published', '');
  return {
    base,
    guessed: logistic(guesses.mean + guesses.spread * normal(random)),
    instances: [
      published,
      ...Array.from({ length: variants }, (_, at) => instance('variant', `v${at}`)),
      { kind: 'perturbation', seed: 'form', hard: published.hard + spread.forms * normal(random) },
    ],
  };
}

function trialsOf(
  agent: string,
  person: Partial<Person> & Pick<Person, 'ability'>,
  tasks: readonly BaseTask[],
  { attempts }: Design,
  random: Random,
): SetTrial[] {
  const { ability, instancesKnown = 0, templatesKnown = 0, recites = 0, lostInForm = 0 } = person;
  return tasks.flatMap(({ base, guessed, instances }) => {
    const [knowsPublished, knowsTemplate] = [random() < instancesKnown, random() < templatesKnown];
    return instances.flatMap((instance) => {
      const { kind, seed, hard } = instance;
      const known = knowsTemplate || (knowsPublished && kind !== 'variant');
      const lost = kind === 'perturbation' ? lostInForm : 0;
      const chance = known ? 1 - slips : logistic(ability - hard - lost);
      const unseen = known ? guessed + (1 - guessed) * recites : guessed;
      return Array.from({ length: attempts }, (_, at) => {
        const named = Array.from({ length: 3 + Math.floor(7 * random()) }, () => random() < unseen);
        return simulatedTrial({
          agent,
          base,
          kind,
          seed,
          attempt: at + 1,
          passes: random() < chance,
          unseen: named,
        });
      });
    });
  });
}

const logistic = (logits: number) => 1 / (1 + Math.exp(-logits));
