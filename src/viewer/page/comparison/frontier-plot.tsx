import {
  CartesianGrid,
  ErrorBar,
  LabelList,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { probability } from '../../../comparison/wording.ts';
import type { ComparedSet, ManyComparison } from '../../../schema/comparison.ts';
import { isUnscored, money, several, share } from '../format.ts';
import { hashOf } from '../place.ts';
import { axisText } from './axis.ts';

const height = 280;

/** Cost against completion, with the sets that no other beats in both. */
export function FrontierPlot({
  frontier,
  sets,
}: {
  frontier: ManyComparison['frontier'];
  sets: readonly ComparedSet[];
}) {
  if (isUnscored(frontier)) return <p className="note">Cost against completion: {frontier.unscored}.</p>;
  const points = frontier.points.map((point) => ({
    ...point,
    name: sets.find(({ key }) => key === point.key)?.name ?? point.key,
    percent: point.completion * 100,
    overCompletion: reach(point.completion, point.completionInterval, 100),
    overCost: reach(point.costUsd, point.costInterval, 1),
  }));
  const best = points.filter(({ onFrontier }) => onFrontier).sort((x, y) => x.costUsd - y.costUsd);
  return (
    <section className="plot" aria-label="Cost against completion">
      <h2>Cost against completion, with 95 % intervals</h2>
      <p className="note">
        Over {several(frontier.tasks, 'task')} that all have. The line joins those that no other beats in
        both.
      </p>
      <figure className="chart">
        <ResponsiveContainer width="100%" height={height}>
          <ScatterChart margin={{ top: 16, right: 24, bottom: 4, left: 0 }} accessibilityLayer>
            <CartesianGrid className="grid" />
            <XAxis type="number" dataKey="costUsd" tickFormatter={money} tickCount={4} tick={axisText} />
            <YAxis type="number" dataKey="percent" domain={[0, 100]} unit=" %" width={52} tick={axisText} />
            <Tooltip content={Tip} isAnimationActive={false} cursor={false} />
            <Scatter data={best} line shape={Nothing} className="best" isAnimationActive={false} />
            <Scatter data={points} className="offers" isAnimationActive={false}>
              <ErrorBar
                dataKey="overCompletion"
                direction="y"
                width={4}
                className="reach"
                isAnimationActive={false}
              />
              <ErrorBar
                dataKey="overCost"
                direction="x"
                width={4}
                className="reach"
                isAnimationActive={false}
              />
              <LabelList dataKey="key" position="top" style={axisText} />
            </Scatter>
          </ScatterChart>
        </ResponsiveContainer>
      </figure>
      <ul className="plain">
        {points.map((point) => (
          <li key={point.key}>
            <b>{point.key}</b> <a href={trialsOf(sets, point.key)}>{point.name}</a>: {share(point.completion)}{' '}
            at {money(point.costUsd)} a trial; on the frontier with a probability of{' '}
            {probability(point.probability)}
          </li>
        ))}
      </ul>
    </section>
  );
}

const reach = (value: number, interval: { low: number; high: number } | undefined, scale: number) =>
  interval ? [(value - interval.low) * scale, (interval.high - value) * scale] : [0, 0];

const Nothing = () => <g />;

/** The page of the run that a set's trials are of. */
function trialsOf(sets: readonly ComparedSet[], key: string): string {
  const { runs = [], agents = [] } = sets.find((set) => set.key === key) ?? {};
  const [run = ''] = runs;
  return hashOf({ view: 'run', run, query: { agent: agents.length === 1 ? agents[0] : undefined } });
}

function Tip({ payload }: { payload?: readonly { payload?: { name?: string; key?: string } }[] }) {
  const point = payload?.[0]?.payload;
  return point ? (
    <p className="tip">
      <b>{point.key}</b> {point.name}
    </p>
  ) : null;
}
