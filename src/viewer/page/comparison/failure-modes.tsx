import { modeNotes } from '../../../comparison/behaviour-wording.ts';
import { chance } from '../../../comparison/wording.ts';
import type { FailureMode, PairComparison } from '../../../schema/comparison.ts';
import { isUnscored, share } from '../format.ts';
import { hashOf } from '../place.ts';
import { IntervalPlot } from './interval-plot.tsx';

const most = 12;

/** What goes with failing, over the trials of both: each leads to a failed trial of which it is so. */
export function FailureModes({ pair }: { pair: PairComparison }) {
  const modes = pair.failureModes.find(({ of }) => of === 'both')?.modes;
  const told = modes === undefined || isUnscored(modes) ? [] : modes.slice(0, most);
  const notes = modeNotes(pair);
  if (told.length === 0 && notes.length === 0) return null;
  return (
    <section className="plot" aria-label="Failure modes">
      <h2>What goes with failing, in points, with 95 % intervals</h2>
      {told.length > 0 && (
        <IntervalPlot
          label="How much more often something is so of failed trials"
          rows={told.map((mode) => ({
            name: mode.what,
            value: mode.difference * 100,
            low: mode.interval.low * 100,
            high: mode.interval.high * 100,
            told: spoken(mode),
            href: hrefOf(mode),
            found: mode.kind === 'failure' || mode.kind === 'success',
          }))}
          ends={{ less: 'goes with success', more: 'goes with failing' }}
        />
      )}
      <details>
        <summary>as a list</summary>
        <ul className="plain">
          {told.map((mode) => (
            <li key={mode.feature}>
              <b>{mode.what}</b> <span className="note">{spoken(mode)}</span>{' '}
              {mode.example && <a href={hrefOf(mode)}>a failed trial</a>}
            </li>
          ))}
        </ul>
      </details>
      {notes.map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
    </section>
  );
}

const spoken = ({ failed, succeeded, adjusted }: FailureMode) =>
  `${share(failed.share)} of failed trials, ${share(succeeded.share)} of completed ones, p ${chance(adjusted)}`;

const hrefOf = ({ example }: FailureMode) =>
  example && hashOf({ view: 'trial', run: example.run, trial: example.trial });
