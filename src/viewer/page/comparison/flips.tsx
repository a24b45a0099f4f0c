import { flipTitles } from '../../../comparison/wording.ts';
import type { Flip, FlipKind, PairComparison } from '../../../schema/comparison.ts';
import { hashOf } from '../place.ts';

/** How all tasks went in both, and some of those that went the other way, each with two trials side by side. */
export function Flips({ matrix, flips }: Pick<PairComparison, 'matrix' | 'flips'>) {
  const kinds = Object.keys(flipTitles) as FlipKind[];
  return (
    <section className="plot" aria-label="Flips">
      <h2>Tasks that flipped</h2>
      <table className="flip-matrix">
        <thead>
          <tr>
            <td />
            <th scope="col">B completed it</th>
            <th scope="col">B did not</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">A completed it</th>
            <td>{matrix.both}</td>
            <td className={matrix.broke > 0 ? 'bad' : ''}>{matrix.broke}</td>
          </tr>
          <tr>
            <th scope="row">A did not</th>
            <td className={matrix.fixed > 0 ? 'good' : ''}>{matrix.fixed}</td>
            <td>{matrix.neither}</td>
          </tr>
        </tbody>
      </table>
      {matrix.undecided > 0 && (
        <p className="note">{matrix.undecided} more were completed half of the time.</p>
      )}
      {kinds.map((kind) => (
        <FlipList key={kind} title={flipTitles[kind]} flips={flips.filter((flip) => flip.kind === kind)} />
      ))}
    </section>
  );
}

function FlipList({ title, flips }: { title: string; flips: readonly Flip[] }) {
  if (flips.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="plain">
        {flips.map(({ task, a, b }) => (
          <li key={task}>
            <bdi>{task}</bdi>{' '}
            <span className="note">
              A {a.count} of {a.of}, B {b.count} of {b.of}
            </span>{' '}
            <a href={hashOf({ view: 'trial', run: a.trial.run, trial: a.trial.trial })}>A’s trial</a>{' '}
            <a href={hashOf({ view: 'trial', run: b.trial.run, trial: b.trial.trial })}>B’s trial</a>{' '}
            <a
              href={hashOf({
                view: 'compare',
                run: a.trial.run,
                trial: a.trial.trial,
                other: b.trial.trial,
                otherRun: b.trial.run,
              })}
            >
              side by side
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
