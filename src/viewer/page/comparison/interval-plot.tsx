import {
  CartesianGrid,
  ErrorBar,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { axisText } from './axis.ts';

/** One line of a plot of differences. */
export interface IntervalRow {
  name: string;
  value: number;
  low: number;
  high: number;
  /** What stands in the tip. */
  told: string;
  /** Where its point leads. */
  href?: string | undefined;
  /** Whether the interval leaves nothing out. */
  found: boolean;
}

interface IntervalPlotProps {
  label: string;
  rows: readonly IntervalRow[];
  /** The ends of the scale, in points. */
  limit?: number;
  ends: { less: string; more: string };
}

const rowHeight = 30;
const axisHeight = 34;

/** Differences with their intervals, one under the other, around a line where there is none (a forest plot). */
export function IntervalPlot({ label, rows, limit = 100, ends }: IntervalPlotProps) {
  const data = rows.map((row) => ({ ...row, reach: [row.value - row.low, row.high - row.value] }));
  return (
    <figure className="chart" aria-label={label}>
      <p className="ends">
        <span>← {ends.less}</span>
        <span>{ends.more} →</span>
      </p>
      <ResponsiveContainer width="100%" height={rows.length * rowHeight + axisHeight}>
        <ScatterChart margin={{ top: 0, right: 12, bottom: 0, left: 0 }} accessibilityLayer>
          <CartesianGrid horizontal={false} className="grid" />
          <XAxis type="number" dataKey="value" domain={[-limit, limit]} tickCount={5} tick={axisText} />
          <YAxis
            type="category"
            dataKey="name"
            width={nameWidth(rows)}
            interval={0}
            reversed
            allowDuplicatedCategory={false}
            tickLine={false}
            tick={axisText}
          />
          <ReferenceLine x={0} className="zero" />
          <Tooltip content={Tip} isAnimationActive={false} cursor={false} />
          <Scatter data={data} shape={Point} isAnimationActive={false}>
            <ErrorBar dataKey="reach" direction="x" width={4} className="reach" isAnimationActive={false} />
          </Scatter>
        </ScatterChart>
      </ResponsiveContainer>
    </figure>
  );
}

/** Pixels for the names beside a plot: as many as they need, and never more than half of a phone. */
const nameWidth = (rows: readonly IntervalRow[]) =>
  Math.min(170, 16 + 6.2 * Math.max(...rows.map(({ name }) => Math.min(name.length, 26))));

interface Drawn {
  cx?: number | undefined;
  cy?: number | undefined;
  payload?: IntervalRow;
}

function Point({ cx, cy, payload }: Drawn) {
  if (cx === undefined || cy === undefined || !payload) return <g />;
  const dot = <circle cx={cx} cy={cy} r={5} className={payload.found ? 'found' : 'open'} />;
  return payload.href === undefined ? (
    dot
  ) : (
    <a href={payload.href} aria-label={`${payload.name}: ${payload.told}`}>
      {dot}
    </a>
  );
}

function Tip({ payload }: { payload?: readonly { payload?: IntervalRow }[] }) {
  const row = payload?.[0]?.payload;
  if (!row) return null;
  return (
    <p className="tip">
      <b>{row.name}</b> {row.told}
    </p>
  );
}
