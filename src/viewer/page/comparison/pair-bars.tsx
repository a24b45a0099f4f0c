import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { axisText } from './axis.ts';

/** What both sets do, as often as each does it. */
interface PairRow {
  name: string;
  a: number;
  b: number;
  told: string;
}

interface PairBarsProps {
  label: string;
  rows: readonly PairRow[];
  names: { a: string; b: string };
  text(value: number): string;
}

const rowHeight = 40;
const axisHeight = 34;

/** Two bars for each line, A above B. */
export function PairBars({ label, rows, names, text }: PairBarsProps) {
  return (
    <figure className="chart" aria-label={label}>
      <p className="legend">
        <span className="key series-0">{names.a}</span>
        <span className="key series-1">{names.b}</span>
      </p>
      <ResponsiveContainer width="100%" height={rows.length * rowHeight + axisHeight}>
        <BarChart
          data={[...rows]}
          layout="vertical"
          margin={{ top: 0, right: 12, bottom: 0, left: 0 }}
          barGap={1}
          accessibilityLayer
        >
          <XAxis type="number" tickFormatter={text} tickCount={4} tick={axisText} />
          <YAxis type="category" dataKey="name" width={170} interval={0} tickLine={false} tick={axisText} />
          <Tooltip content={Tip} isAnimationActive={false} cursor={false} />
          <Bar dataKey="a" className="series-0" barSize={10} isAnimationActive={false} />
          <Bar dataKey="b" className="series-1" barSize={10} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}

function Tip({ payload }: { payload?: readonly { payload?: PairRow }[] }) {
  const row = payload?.[0]?.payload;
  return row ? <p className="tip">{row.told}</p> : null;
}
