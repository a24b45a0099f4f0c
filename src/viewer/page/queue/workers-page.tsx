import { useEffect, useState } from 'react';
import type { QueueResponse } from '../../api.ts';
import { Bar, Pending } from '../bar.tsx';
import { several } from '../format.ts';
import { hashOf } from '../place.ts';
import { useAnswer, useSource } from '../source/source.tsx';
import { Fact } from '../trial/trial-head.tsx';
import { WorkerCard } from './worker-card.tsx';

const lookAgainMs = 2000;

/** The workers of a queue: what each does, and where its time goes. */
export function WorkersPage() {
  const source = useSource();
  const [looked, setLooked] = useState(0);
  const { value, error } = useAnswer(() => source.queue(), [source, looked]);
  useEffect(() => {
    if (value === undefined && error === undefined) return;
    const timer = setTimeout(() => setLooked(looked + 1), lookAgainMs);
    return () => clearTimeout(timer);
  }, [value, error, looked]);
  const none = value === null ? 'No queue was named: proctor view --queue postgres://…' : undefined;
  return (
    <>
      <Bar trail={[{ text: 'runs', href: hashOf({ view: 'runs' }) }, { text: 'workers' }]} />
      {value ? <Queue queue={value} /> : <Pending error={error ?? none} what="the queue" />}
    </>
  );
}

function Queue({ queue: { place, census, workers } }: { queue: QueueResponse }) {
  const { runs, trials, attempts } = census;
  const here = workers.filter(({ ended }) => !ended);
  const gone = workers.filter(({ ended }) => ended);
  return (
    <main className="run workers">
      <h1>Workers</h1>
      <p className="note">
        {place}, {runs === 0 ? 'nothing is left to do' : `${several(runs, 'run')} under way`}
      </p>
      <section className="facts" aria-label="The queue">
        {Object.entries(trials).map(([state, many]) => (
          <Fact key={state} name={state}>
            {many}
          </Fact>
        ))}
        <Fact name="leases lost" look={attempts.lost > 0 ? 'bad' : ''}>
          {attempts.lost}
        </Fact>
        <Fact name="late results refused" look={attempts.refused > 0 ? 'bad' : ''}>
          {attempts.refused}
        </Fact>
        <Fact name="handed back">{attempts.released + attempts.failed}</Fact>
      </section>
      {here.length === 0 && <p className="empty">No worker is here: proctor worker --queue …</p>}
      {here.map((worker) => (
        <WorkerCard key={worker.id} worker={worker} />
      ))}
      {gone.length > 0 && (
        <details>
          <summary>{several(gone.length, 'worker')} ended within the last day</summary>
          {gone.map((worker) => (
            <WorkerCard key={worker.id} worker={worker} />
          ))}
        </details>
      )}
    </main>
  );
}
