import { type Counted, points, rate, safeRate, splitLines } from '../../../comparison/experiment-wording.ts';
import { type Combination, combination, type Experiment } from '../../../schema/experiment.ts';
import { isUnscored } from '../format.ts';
import { hashOf } from '../place.ts';

/** Which part of two agents' trials makes the difference, by forks of them across each other. */
export function ExperimentParts({ experiment }: { experiment: Experiment | undefined }) {
  if (!experiment) return null;
  const { a, b, leftOut } = experiment;
  return (
    <section className="plot" aria-label="Experiment">
      <h2>
        Whose beginning with whose rest: A is {a}, B is {b}
      </h2>
      <Split what="completion" experiment={experiment} />
      <Split what="safe success" experiment={experiment} />
      {leftOut.map(({ task, reason }) => (
        <p key={task} className="note">
          left out: {task}: {reason}
        </p>
      ))}
    </section>
  );
}

function Split({ what, experiment }: { what: Counted; experiment: Experiment }) {
  const { tasks, split, safeSplit } = experiment;
  const [shown, of, name] =
    what === 'completion' ? ([rate, split, 'parts'] as const) : ([safeRate, safeSplit, 'safeParts'] as const);
  const [first, ...lines] = splitLines(what, of).split('\n');
  return (
    <>
      <p>{first}</p>
      <ul className="plain">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section className="wide" aria-label={`Forks by ${what}`} tabIndex={0}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{what}</th>
              {combination.options.map((which) => (
                <th key={which} scope="col">
                  {players(which)}
                </th>
              ))}
              <th scope="col">before</th>
              <th scope="col">after</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {tasks.map(({ task, a, b, forks, [name]: parts }) => (
              <tr key={task}>
                <th scope="row">{task}</th>
                {combination.options.map((which) => (
                  <td key={which}>{shown(forks[which])}</td>
                ))}
                <td>{isUnscored(parts) ? '–' : points(parts.prefix)}</td>
                <td>{isUnscored(parts) ? '–' : points(parts.suffix)}</td>
                <td>
                  <a href={hashOf({ view: 'trial', run: a.run, trial: a.trial })}>A’s trial</a>{' '}
                  <a href={hashOf({ view: 'trial', run: b.run, trial: b.trial })}>B’s trial</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

const players = (which: Combination) => which.toUpperCase().split('').join(', ');
