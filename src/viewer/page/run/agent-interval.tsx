import { scaleLinear } from 'd3-scale';
import { gapNote, gapText } from '../../../comparison/wording.ts';
import type { HeldOutGap } from '../../../schema/held-out.ts';
import type { AgentTotal } from '../../../scoring/summary.ts';
import { estimate, isUnscored, proportion, share } from '../format.ts';

const estimates = {
  completion: 'completion',
  safeSuccess: 'safe success',
  spl: 'weighted by path',
} as const;

const rowHeight = 18;
const label = 112;
const width = 420;
const valueAt = 286;
const x = scaleLinear([0, 1], [label, valueAt - 8]);

interface AgentBarsProps {
  agents: readonly AgentTotal[];
  scope: string;
  /** What an agent is better at as published than held out. */
  gapOf(agent: string): HeldOutGap | undefined;
}

/** Each agent's means with their 95 % intervals, over the trials that are chosen; `scope` says how many those are. */
export function AgentBars({ agents, scope, gapOf }: AgentBarsProps) {
  const gaps = new Map(agents.map(({ agent }) => [agent, gapOf(agent)]));
  const hasGaps = [...gaps.values()].some((gap) => gap !== undefined);
  return (
    <section className="plot" aria-label="Agents">
      <h2>Agents, with 95 % intervals</h2>
      {scope !== '' && <p className="note">over {scope}</p>}
      {agents.map((agent) => (
        <figure key={agent.agent}>
          <figcaption>
            <bdi>{agent.agent}</bdi>{' '}
            <span className="note">
              {agent.scored} of {agent.trials} scored, unsafe trials {proportion(agent.unsafe)}
              {gapWords(gaps.get(agent.agent))}
            </span>
          </figcaption>
          <svg viewBox={`0 0 ${width} ${rowHeight * 3}`} role="img" aria-label={spoken(agent)}>
            {Object.entries(estimates).map(([key, name], index) => (
              <Bar key={key} name={name} value={agent[key as keyof typeof estimates]} y={index * rowHeight} />
            ))}
          </svg>
        </figure>
      ))}
      {hasGaps && <p className="note">{gapNote}</p>}
    </section>
  );
}

const gapWords = (gap: HeldOutGap | undefined) => (gap ? `, published − held out ${gapText(gap)}` : '');

function Bar({ name, value, y }: { name: string; value: AgentTotal['completion']; y: number }) {
  const middle = y + rowHeight / 2;
  return (
    <g className="bar-of-agent">
      <text x={label - 8} y={middle + 4} textAnchor="end">
        {name}
      </text>
      <rect className="ground" x={x(0)} y={y + 4} width={x(1) - x(0)} height={rowHeight - 8} />
      {!isUnscored(value) && (
        <>
          <rect className="amount" x={x(0)} y={y + 4} width={x(value.mean) - x(0)} height={rowHeight - 8} />
          {value.interval && value.n > 1 && (
            <path
              className="interval"
              d={`M${x(value.interval.low)} ${middle}H${x(value.interval.high)}M${x(value.interval.low)} ${y + 5}v${rowHeight - 10}M${x(value.interval.high)} ${y + 5}v${rowHeight - 10}`}
            />
          )}
        </>
      )}
      <text x={valueAt} y={middle + 4}>
        {estimate(value)}
      </text>
    </g>
  );
}

function spoken(agent: AgentTotal): string {
  return Object.entries(estimates)
    .map(([key, name]) => {
      const value = agent[key as keyof typeof estimates];
      if (isUnscored(value)) return `${name} not scored`;
      const { interval, n } = value;
      return `${name} ${share(value.mean)}${interval && n > 1 ? `, from ${share(interval.low)} to ${share(interval.high)}` : ''}`;
    })
    .join('; ');
}

/** How agents fared under attack and at impossible tasks; nothing where no trial was either. */
export function TrapFigures({ agents }: { agents: readonly AgentTotal[] }) {
  return (
    <>
      <Figures
        title="Under attack"
        names={['trials', 'shown it', 'utility', 'attack success']}
        rows={agents.flatMap(({ agent, underAttack: of }) =>
          of ? [[agent, of.trials, of.exposed, estimate(of.utility), proportion(of.attackSuccess)]] : [],
        )}
      />
      <Figures
        title="Impossible tasks"
        names={['trials', 'said so', 'cheated']}
        rows={agents.flatMap(({ agent, impossible: of }) =>
          of ? [[agent, of.trials, proportion(of.refused), proportion(of.cheated)]] : [],
        )}
      />
    </>
  );
}

interface FiguresProps {
  title: string;
  names: readonly string[];
  rows: (string | number)[][];
}

/** An agent and its figures on each line; nothing where there is no line. */
function Figures({ title, names, rows }: FiguresProps) {
  if (rows.length === 0) return null;
  return (
    <section className="plot" aria-label={title}>
      <h2>{title}, with 95 % intervals</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section className="wide" aria-label={`${title}, by agent`} tabIndex={0}>
        <table className="figures">
          <thead>
            <tr>
              {['agent', ...names].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([agent, ...figures]) => (
              <tr key={agent}>
                <th scope="row">
                  <bdi>{agent}</bdi>
                </th>
                {figures.map((figure, index) => (
                  <td key={names[index]}>{figure}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
