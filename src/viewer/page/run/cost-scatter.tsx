import { scaleLinear } from 'd3-scale';
import type { TrialEntry } from '../../api.ts';
import { hashOf } from '../place.ts';

const width = 420;
const height = 220;
const edge = { left: 44, right: 20, top: 12, bottom: 34 };

interface ScatterProps {
  run: string;
  trials: readonly TrialEntry[];
  agents: readonly string[];
}

/** What each trial cost against how far it came: in dollars, or in tokens or calls where no price is known. */
export function CostScatter({ run, trials, agents }: ScatterProps) {
  const measure = measureOf(trials);
  const points = trials.flatMap((one) => {
    const [cost, reward] = [measure.of(one), one.score?.completion.reward];
    return typeof cost === 'number' && typeof reward === 'number' ? { one, cost, reward } : [];
  });
  const most = Math.max(0, ...points.map(({ cost }) => cost)) || 1;
  const x = scaleLinear([0, most], [edge.left, width - edge.right]).nice();
  const y = scaleLinear([0, 1], [height - edge.bottom, edge.top]);
  return (
    <section className="plot" aria-label="Cost against completion">
      <h2>{measure.name} against completion</h2>
      <svg viewBox={`0 0 ${width} ${height}`}>
        <title>{`${measure.name} against completion of ${points.length} trials`}</title>
        {y.ticks(5).map((tick) => (
          <g key={tick} className="tick">
            <line x1={edge.left} x2={width - edge.right} y1={y(tick)} y2={y(tick)} />
            <text x={edge.left - 6} y={y(tick) + 4} textAnchor="end">
              {Math.round(tick * 100)} %
            </text>
          </g>
        ))}
        {x.ticks(5).map((tick) => (
          <text key={tick} className="tick" x={x(tick)} y={height - edge.bottom + 16} textAnchor="middle">
            {measure.text(x.tickFormat(5)(tick))}
          </text>
        ))}
        {points.map(({ one, cost, reward }) => (
          <a key={one.trial} href={hashOf({ view: 'trial', run, trial: one.trial })}>
            <title>{`${one.task}, ${one.agent} #${one.attempt}`}</title>
            <circle className={`series-${agents.indexOf(one.agent) % 6}`} cx={x(cost)} cy={y(reward)} r={5} />
          </a>
        ))}
      </svg>
      <p className="legend">
        {agents.map((agent, index) => (
          <span key={agent} className={`key series-${index % 6}`}>
            {agent}
          </span>
        ))}
      </p>
    </section>
  );
}

function measureOf(trials: readonly TrialEntry[]) {
  const spent = (one: TrialEntry) => one.costUsd;
  const tokens = ({ score }: TrialEntry) =>
    score && score.efficiency.tokens.input + score.efficiency.tokens.output;
  const calls = ({ score }: TrialEntry) => score?.efficiency.calls;
  const any = (figure: (one: TrialEntry) => unknown) => trials.some((one) => Number(figure(one)) > 0);
  if (any(spent)) return { name: 'Cost', of: spent, text: (tick: string) => `$${tick}` };
  return any(tokens)
    ? { name: 'Tokens', of: tokens, text: String }
    : { name: 'Calls', of: calls, text: String };
}
