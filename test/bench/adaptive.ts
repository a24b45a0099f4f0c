import { plain } from '../../src/report/style.ts';
import { table } from '../../src/report/table.ts';
import type { ChoicePlan } from '../../src/schema/choice.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import { accuracyOf, simulatedRun, simulatedSuite, type World } from '../calibration/simulated.ts';
import { times } from './coverage/world.ts';

const seed = 18;
const suites = 80;
const agentsOfEach = 15;

interface Situation {
  name: string;
  world: World;
  mode?: ChoicePlan['mode'];
  concurrency?: number;
}

const usual: World = { agents: 20, difficulties: 2, abilities: 1 };

const situations: Situation[] = [
  { name: '20 agents calibrated', world: usual },
  { name: '… 8 tasks at a time', world: usual, concurrency: 8 },
  { name: '10 agents calibrated', world: { ...usual, agents: 10 } },
  { name: '5 agents calibrated', world: { ...usual, agents: 5 } },
  { name: 'tasks very easy to very hard', world: { agents: 20, difficulties: 3, abilities: 1.5 } },
  { name: 'tasks all about as hard', world: { ...usual, difficulties: 1 } },
  { name: 'tasks mostly easy', world: { ...usual, harder: -1.5 } },
  { name: 'tasks of unlike sharpness', world: { ...usual, sharpness: 0.4 } },
  { name: 'stratified', world: usual, mode: 'stratified' },
  { name: 'stratified, 5 agents calibrated', world: { ...usual, agents: 5 }, mode: 'stratified' },
  { name: 'stratified, tasks mostly easy', world: { ...usual, harder: -1.5 }, mode: 'stratified' },
];

type Row = Situation & ReturnType<typeof accuracyOf>;

/** How far 20 chosen tasks tell of 100, and how often their intervals hold what all 100 give, over simulated suites from one seed. */
export function adaptiveTable(): string {
  const rows = situations.map((situation): Row => {
    const { world, mode = 'adaptive', concurrency = 1 } = situation;
    const random = seededRandom(seed);
    const runs = times(suites, () => simulatedSuite(world, random)).flatMap((suite) =>
      times(agentsOfEach, () => simulatedRun(suite, random, { mode, concurrency })),
    );
    return { ...situation, ...accuracyOf(runs) };
  });
  const number = (value: number) => value.toFixed(3);
  const percent = (value: number) => (100 * value).toFixed(1);
  const columns = table<Row>(
    [
      { title: '20 of 100 tasks', cell: ({ name }) => name },
      { title: 'RMSE', cell: ({ rmse }) => number(rmse), align: 'right' },
      { title: 'by lot', cell: ({ randomRmse }) => number(randomRmse), align: 'right' },
      { title: 'bias', cell: ({ bias }) => number(bias), align: 'right' },
      { title: 'held', cell: ({ held }) => percent(held), align: 'right' },
      { title: 'width', cell: ({ width }) => number(width), align: 'right' },
      { title: 'extrapolated', cell: ({ inside }) => percent(1 - inside), align: 'right' },
      { title: '', cell: verdictOf },
    ],
    rows,
    plain,
  );
  return `${suites} suites of each situation, ${agentsOfEach} new agents at each, seed ${seed}; figures are of those that do not extrapolate\n\n${columns}`;
}

function verdictOf({ held }: Row): string {
  if (held < 0.93) return 'less than 93 %';
  return held > 0.97 ? 'more than 97 %' : '';
}
