import type { RunPage } from '../../api.ts';
import { hashOf } from '../place.ts';
import { Visible } from '../text/visible.tsx';

/** What failed on the house's side, apart from what agents did: in no mean above. */
export function HouseFailures({ page: { run, trials } }: { page: RunPage }) {
  const failed = trials.filter(({ outcome }) => outcome === 'infrastructure-error');
  if (failed.length === 0 && run.skipped.length === 0) return null;
  return (
    <section className="house-failures" aria-label="Infrastructure errors">
      <h2>Infrastructure errors and what was skipped, in no figure above</h2>
      <ul>
        {failed.map(({ trial, task, agent, error }) => (
          <li key={trial}>
            <a href={hashOf({ view: 'trial', run: run.run, trial })}>
              {task}, {agent}
            </a>
            : {error ? <Visible text={`${error.code}: ${error.message}`} /> : 'no reason was recorded'}
          </li>
        ))}
        {run.skipped.map(({ task, reason }) => (
          <li key={`${task} ${reason}`}>
            {task} was skipped: <Visible text={reason} />
          </li>
        ))}
      </ul>
    </section>
  );
}
