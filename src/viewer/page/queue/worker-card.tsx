import type { TrialUnderWay } from '../../../queue/activity.ts';
import type { QueueResponse } from '../../api.ts';
import { duration, several } from '../format.ts';
import { Visible } from '../text/visible.tsx';
import { phaseNames, TimeShares } from './time-shares.tsx';

type Worker = QueueResponse['workers'][number];

/** Seconds of silence after which a worker may be gone. */
const longSilence = 120;

/** One worker: what it offers, what it has under way, and where its time went. */
export function WorkerCard({ worker }: { worker: Worker }) {
  const { id, version, capacity, running, committed, offers, activity } = worker;
  const labels = offers.filter((offer) => !offer.startsWith('version:'));
  return (
    <section className="worker" aria-label={`Worker ${id}`}>
      <header>
        <h2>
          <Visible text={id} />
        </h2>
        <StateBadge worker={worker} />
        <span className="note">
          {running} of {several(capacity, 'trial')} at a time, {committed} committed, version {version}
        </span>
        {labels.map((label) => (
          <span key={label} className="badge">
            {label}
          </span>
        ))}
      </header>
      {activity && <TimeShares activity={activity} capacity={capacity} />}
      {!worker.ended && activity && activity.trials.length > 0 && <UnderWay trials={activity.trials} />}
    </section>
  );
}

function StateBadge({ worker: { ended, reason, silent } }: { worker: Worker }) {
  if (ended) return <span className="badge">ended: {reason}</span>;
  if (silent > longSilence)
    return <span className="badge warn">not heard of for {duration(silent * 1000)}</span>;
  return <span className="badge live">here</span>;
}

function UnderWay({ trials }: { trials: readonly TrialUnderWay[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keys
    <section className="under-way" tabIndex={0} aria-label="Trials under way">
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">trial</th>
            <th scope="col">now</th>
            <th scope="col">steps</th>
            <th scope="col">since</th>
          </tr>
        </thead>
        <tbody>
          {trials.map(({ run, trial, fence, task, agent, attempt, phase, steps, seconds }) => (
            <tr key={`${run}/${trial}/${fence}`}>
              <th scope="row">
                <Visible text={`${task} · ${agent}${attempt > 1 ? ` #${attempt}` : ''}`} />
                <span className="note id">
                  {run}/{trial}
                  {fence > 1 && `, claim ${fence}`}
                </span>
              </th>
              <td>{phaseNames[phase].text}</td>
              <td>{steps}</td>
              <td>{duration(seconds * 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
