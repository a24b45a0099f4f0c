import type { Relative } from '../../api.ts';
import { hashOf } from '../place.ts';
import { useAnswer, useSource } from '../source/source-context.tsx';

/** The fork tree around a trial: what it goes on from and what goes on from it. */
export function FamilyLinks({ run, trial }: { run: string; trial: string }) {
  const source = useSource();
  const { value } = useAnswer(() => source.family(run, trial), [run, trial]);
  if (!value || (!value.parent && value.children.length === 0)) return null;
  return (
    <nav className="family" aria-label="Fork tree">
      <ul>
        {value.parent && (
          <li>
            goes on from <Link to={value.parent} /> after step {value.parent.step}
            <Compare run={run} trial={trial} to={value.parent} />
          </li>
        )}
        {value.children.map((child) => (
          <li key={child.trial}>
            forked after step {child.step}: <Link to={child} /> {child.outcome}
            <Compare run={run} trial={trial} to={child} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Link({ to }: { to: Relative }) {
  const { run, trial, agent, step } = to;
  return (
    <a href={hashOf({ view: 'trial', run, trial, query: { step: String(step) } })}>
      {trial} ({agent})
    </a>
  );
}

function Compare({ run, trial, to }: { run: string; trial: string; to: Relative }) {
  if (to.run !== run) return null;
  return (
    <>
      {' · '}
      <a href={hashOf({ view: 'compare', run, trial, other: to.trial })}>compare</a>
    </>
  );
}
