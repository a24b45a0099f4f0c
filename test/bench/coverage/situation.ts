import type { Bounds } from '../../../src/statistic/confidence.ts';
import { type Pair, pairedDifference, unpairedDifference } from '../../../src/statistic/difference.ts';
import { meanInterval, zeroOfN } from '../../../src/statistic/interval.ts';
import type { Random } from '../../../src/statistic/random.ts';
import {
  bimodal,
  draw,
  drawBoth,
  easy,
  graded,
  meanOf,
  type Population,
  passOrFail,
  type Trial,
  times,
  trueDifference,
} from './world.ts';

/** One situation of the table of methods: how its trials come about, and what Proctor says of them. */
export interface Situation {
  name: string;
  truth: number;
  /** What is said of one sample; undefined where nothing is. */
  sample(random: Random): (Bounds & { p?: number }) | undefined;
  /** Why more than 97 % may hold, where theory wants it so. */
  conservative?: string;
}

interface Shape {
  tasks: number;
  attempts: number;
  trial: Trial;
  population: Population;
}

const trials = ({ attempts, trial }: Shape, passes: number, random: Random) =>
  times(attempts, () => trial(passes, random));

function one(name: string, shape: Shape): Situation {
  const { tasks, population } = shape;
  return {
    name: `one agent, ${tasks} tasks × ${shape.attempts}, ${name}`,
    truth: meanOf(population),
    sample: (random) => meanInterval(times(tasks, () => trials(shape, draw(population, random), random))),
  };
}

function two(name: string, shape: Shape, helped: number): Situation {
  const { tasks, population } = shape;
  return {
    name: `two agents, ${tasks} tasks × ${shape.attempts}, ${name}${helped > 0 ? ', one better' : ''}`,
    truth: trueDifference(population, helped),
    sample: (random) =>
      pairedDifference(
        times(tasks, () => {
          const { a, b } = drawBoth(population, helped, random);
          return { a: trials(shape, a, random), b: trials(shape, b, random) };
        }),
      ),
  };
}

function apart(name: string, shape: Shape, helped: number): Situation {
  const { tasks, population } = shape;
  const side = (own: number, random: Random) =>
    times(tasks, () => {
      const passes = random() < own ? 1 : draw(population, random);
      return trials(shape, passes, random);
    });
  return {
    name: `two agents, ${tasks} different tasks × ${shape.attempts}, ${name}${helped > 0 ? ', one better' : ''}`,
    truth: trueDifference(population, helped),
    sample: (random) => unpairedDifference(side(0, random), side(helped, random)),
  };
}

/** Tasks of one repository, from 1 to 5 of them, are as hard as each other. */
function clustered(clusters: number, make: (name: string, random: Random) => Pair[], random: Random): Pair[] {
  return times(clusters, (at) => make(`repository ${at}`, random)).flat();
}

const sizeOf = (random: Random) => 1 + Math.floor(random() * 5);

function oneClustered(clusters: number): Situation {
  return {
    name: `one agent, ${clusters} clusters of 1 to 5 tasks × 1, pass or fail`,
    truth: meanOf(bimodal),
    sample(random) {
      const tasks = clustered(
        clusters,
        (cluster) => {
          const passes = draw(bimodal, random);
          return times(sizeOf(random), () => ({ a: [passOrFail(passes, random)], b: [], cluster }));
        },
        random,
      );
      return meanInterval(
        tasks.map(({ a }) => a),
        tasks.map(({ cluster }) => cluster),
      );
    },
  };
}

function twoClustered(clusters: number, helped: number): Situation {
  return {
    name: `two agents, ${clusters} clusters of 1 to 5 tasks × 1, pass or fail${helped > 0 ? ', one better' : ''}`,
    truth: trueDifference(bimodal, helped),
    sample: (random) =>
      pairedDifference(
        clustered(
          clusters,
          (cluster) => {
            const { a, b } = drawBoth(bimodal, helped, random);
            return times(sizeOf(random), () => ({
              a: [passOrFail(a, random)],
              b: [passOrFail(b, random)],
              cluster,
            }));
          },
          random,
        ),
      ),
  };
}

/** Where something was seen, another interval is printed. */
function neverSeen(tasks: number, rate: number): Situation {
  return {
    name: `what ${tasks} tasks may never show, true of ${rate * 100} % of tries`,
    truth: rate,
    sample: (random) =>
      times(tasks, () => random()).every((value) => value >= rate) ? zeroOfN(tasks) : { low: 0, high: 1 },
  };
}

const single = { attempts: 1, trial: passOrFail, population: bimodal };
const repeated = { attempts: 4, trial: passOrFail, population: bimodal };
const partial = { attempts: 2, trial: graded, population: bimodal };
const wilsonIs = 'Wilson is, at rates near 1';
const newcombeIs = 'Newcombe is';

export const situations: Situation[] = [
  { ...one('pass or fail (Wilson)', { ...single, tasks: 20 }), conservative: wilsonIs },
  one('pass or fail (Wilson)', { ...single, tasks: 100 }),
  { ...one('nearly all pass (Wilson)', { ...single, tasks: 20, population: easy }), conservative: wilsonIs },
  one('pass or fail (t of task means)', { ...repeated, tasks: 20 }),
  one('pass or fail (t of task means)', { ...repeated, tasks: 100 }),
  one('graded (Wilson, as sure as t)', { ...partial, tasks: 6 }),
  one('graded (t of task means)', { ...partial, tasks: 30 }),
  {
    ...one('nearly all pass (Wilson, as sure as t)', { ...repeated, tasks: 30, population: easy }),
    conservative: wilsonIs,
  },
  oneClustered(20),
  oneClustered(50),
  ...[0, 0.3].flatMap((helped) => [
    ...[20, 50, 200].map((tasks) => ({
      ...two('pass or fail (Newcombe)', { ...single, tasks }, helped),
      conservative: newcombeIs,
    })),
    ...[10, 50].map((tasks) => two('pass or fail (paired t)', { ...repeated, tasks }, helped)),
    two('nearly all pass (paired t)', { ...repeated, tasks: 30, population: easy }, helped),
    two('graded (paired t)', { ...partial, tasks: 15 }, helped),
    twoClustered(15, helped),
    twoClustered(60, helped),
    { ...apart('pass or fail (Newcombe)', { ...single, tasks: 30 }, helped), conservative: newcombeIs },
    apart('pass or fail (Welch)', { ...repeated, tasks: 30 }, helped),
  ]),
  neverSeen(30, 0.0951),
];
