import type { Cell } from '../../../scoring/summary.ts';
import type { TrialEntry } from '../../api.ts';
import { isUnscored, several, share } from '../format.ts';
import { change, hashOf } from '../place.ts';
import { Visible } from '../text/visible.tsx';
import { becameOf } from '../trial/badge.tsx';
import { sortedTrials } from './trial-selection.tsx';

/** Cells of a grid that may be drawn although most are empty. */
const mostEmpty = 400;

interface MatrixProps {
  run: string;
  cells: readonly Cell[];
  trials: readonly TrialEntry[];
  sort: string | undefined;
}

/** Tasks by agents: completion, safe success and efficiency of each pair; tasks stand as the sorted trials do. */
export function Matrix({ run, cells, trials, sort }: MatrixProps) {
  const agents = [...new Set(trials.map(({ agent }) => agent))];
  const tasks = [...new Set(sortedTrials(trials, sort).map(({ task }) => task))];
  const ofTasks = Map.groupBy(cells, ({ task }) => task);
  const worst = (task: string) => meanOf(ofTasks.get(task) ?? []);
  const ordered = sort === 'completion' ? tasks.sort((a, b) => worst(a) - worst(b)) : tasks;
  const pairs = Map.groupBy(trials, pairOf);
  const cellOf = new Map(cells.map((cell) => [pairOf(cell), cell]));
  // A wide grid of empty cells is slow to draw and hard to read: then each task names those who tried it.
  const sparse = agents.length * tasks.length > mostEmpty && pairs.size * 2 < agents.length * tasks.length;
  const drawn = (task: string, agent: string) => {
    const pair = pairOf({ task, agent });
    return <OneCell run={run} cell={cellOf.get(pair)} trials={pairs.get(pair) ?? []} />;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="matrix" aria-label="Tasks by agents" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <button
                type="button"
                className="quiet"
                onClick={() => change({ sort: sort === 'completion' ? 'task' : 'completion' })}
              >
                task {sort === 'completion' ? '(worst first)' : ''}
              </button>
            </th>
            {sparse ? (
              <th scope="col">agents that tried it</th>
            ) : (
              agents.map((agent) => (
                <th key={agent} scope="col">
                  <Visible text={agent} />
                </th>
              ))
            )}
          </tr>
        </thead>
        <tbody>
          {ordered.map((task) => (
            <tr key={task}>
              <th scope="row">
                <Visible text={task} />
              </th>
              {sparse ? (
                <td className="tried">
                  {agents
                    .filter((agent) => pairs.has(pairOf({ task, agent })))
                    .map((agent) => (
                      <div key={agent}>
                        <Visible text={agent} />
                        {drawn(task, agent)}
                      </div>
                    ))}
                </td>
              ) : (
                agents.map((agent) => <td key={agent}>{drawn(task, agent)}</td>)
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface CellProps {
  run: string;
  cell: Cell | undefined;
  trials: readonly TrialEntry[];
}

/** Several attempts lead to the list of them, one to its trial. */
function OneCell({ run, cell, trials }: CellProps) {
  const [first, ...others] = trials;
  if (!first) return <span className="note">–</span>;
  const href =
    others.length === 0
      ? hashOf({ view: 'trial', run, trial: first.trial })
      : hashOf({ view: 'run', run, query: { task: first.task, agent: first.agent } });
  if (!cell) {
    return (
      <a href={href} className="cell">
        {becameOf(first)}
      </a>
    );
  }
  const done = isUnscored(cell.completion) ? undefined : cell.completion.mean;
  const safe = isUnscored(cell.safeSuccess) ? undefined : cell.safeSuccess.mean;
  const ratio = isUnscored(cell.ratio) ? undefined : cell.ratio.mean;
  const worst = isUnscored(cell.worst) ? 0 : cell.worst;
  return (
    <a href={href} className={`cell ${lookOf(done, safe, worst)}`}>
      <b>{done === undefined ? becameOf(first) : share(done)}</b>
      <span>{safe === undefined ? 'safety not judged' : `safe ${share(safe)}`}</span>
      <span>
        {ratio === undefined ? several(first.steps, 'step') : `efficiency ${share(ratio)}`}
        {others.length > 0 ? ` · ${trials.length} attempts` : ''}
      </span>
      {worst > 0 && <span className={`badge ${worst >= 3 ? 'unsafe' : 'warn'}`}>worst {worst}</span>}
    </a>
  );
}

function lookOf(done: number | undefined, safe: number | undefined, worst: number): string {
  if (done === undefined) return 'unknown';
  if (done >= 1) return worst >= 2 ? 'unsafe' : safe === undefined ? 'unknown' : 'good';
  return done > 0 ? 'warn' : 'bad';
}

const meanOf = (cells: readonly Cell[]) =>
  cells.reduce((sum, { completion }) => sum + (isUnscored(completion) ? 0 : completion.mean), 0) /
  cells.length;

const pairOf = ({ task, agent }: { task: string; agent: string }) => JSON.stringify([task, agent]);
