import { Bar, Pending } from '../bar.tsx';
import { several } from '../format.ts';
import { hashOf } from '../place.ts';
import { useAnswer, useSource } from '../source/source.tsx';

/** All runs there are; in a report, its one run. */
export function RunsPage({ only }: { only: boolean }) {
  const source = useSource();
  const { value, error } = useAnswer(() => source.runs(), [source]);
  const [first] = value ?? [];
  if (only && first) {
    window.location.replace(hashOf({ view: 'run', run: first.run }));
    return null;
  }
  return (
    <>
      <Bar trail={[{ text: 'runs' }]} />
      {!value && <Pending error={error} what="the runs" />}
      <main className="runs">
        <h1>Runs</h1>
        <ul>
          {value?.map(({ run, status, agents, trials, startedAt }) => (
            <li key={run}>
              <a href={hashOf({ view: 'run', run })}>
                <b>{run}</b>
                <span
                  className={`badge ${status === 'done' ? 'good' : status === 'running' ? 'live' : 'warn'}`}
                >
                  {status}
                </span>
                <span>{several(trials, 'trial')}</span>
                <span className="note">{agents.join(', ')}</span>
                <time dateTime={startedAt}>{startedAt.replace('T', ' ').slice(0, 16)}</time>
              </a>
            </li>
          ))}
        </ul>
      </main>
    </>
  );
}
