import { useEffect, useRef, useState } from 'react';
import type { RunSummary } from '../../../scoring/run-summary.ts';
import { Bar, Pending } from '../bar.tsx';
import { ago, duration, estimate, money, several } from '../format.ts';
import { Glossary } from '../glossary.tsx';
import { useNow } from '../now.ts';
import { hashOf, usePlace } from '../place.ts';
import { SearchField } from '../search-field.tsx';
import { useAnswer, useSource } from '../source/source.tsx';
import { Visible } from '../text/visible.tsx';
import { RunBadge, Severity } from '../trial/badge.tsx';
import { Fact } from '../trial/trial-head.tsx';
import { standsIn } from './trial-selection.tsx';

const lookAgainMs = 3000;
/** More runs are listed when they are asked for. */
const runsAtOnce = 100;

/** All runs there are. */
export function RunsPage() {
  const source = useSource();
  const [looked, setLooked] = useState(0);
  const { value, error } = useAnswer(() => source.runs(), [source, looked]);
  const live = value?.some(({ status }) => status === 'running') === true;
  const scored = value?.reduce((sum, run) => sum + run.scored, 0);
  const before = useRef<number>(undefined);
  useEffect(() => {
    if (scored === undefined) return;
    const isGrowing = live || scored !== before.current;
    before.current = scored;
    if (!isGrowing) return;
    const timer = setTimeout(() => setLooked(looked + 1), lookAgainMs);
    return () => clearTimeout(timer);
  }, [live, scored, looked]);
  return (
    <>
      <Bar trail={[{ text: 'runs' }]}>
        <WorkersLink />
      </Bar>
      {value ? <RunList runs={value} /> : <Pending error={error} what="the runs" />}
    </>
  );
}

/** Shown where a queue was named. */
function WorkersLink() {
  const source = useSource();
  const { value } = useAnswer(() => source.queue(), [source]);
  return value ? <a href={hashOf({ view: 'workers' })}>workers</a> : null;
}

function RunList({ runs }: { runs: readonly RunSummary[] }) {
  const { query } = usePlace();
  const [shown, setShown] = useState(runsAtOnce);
  const now = useNow(30_000);
  const wanted = runs.filter(({ run, kind, status, tasks, agents }) =>
    standsIn(query.q ?? '', run, kind, status, ...tasks, ...agents),
  );
  return (
    <main className="runs">
      <h1>Runs</h1>
      <search className="search">
        <SearchField label="Filter runs" hint="suite, task, agent, kind or status…" value={query.q} />
        <span className="note" role="status">
          {wanted.length === runs.length
            ? several(runs.length, 'run')
            : `${wanted.length} of ${several(runs.length, 'run')}`}
        </span>
      </search>
      <Glossary />
      <ul>
        {wanted.slice(0, shown).map((run) => (
          <li key={run.run}>
            <RunLine run={run} now={now} />
          </li>
        ))}
      </ul>
      {wanted.length > shown && (
        <button type="button" onClick={() => setShown(shown + runsAtOnce)}>
          {wanted.length - shown} more
        </button>
      )}
    </main>
  );
}

function RunLine({ run, now }: { run: RunSummary; now: number }) {
  const { kind, status, startedAt, endedAt, agents, trials, ended, running, scored, worst, none } = run;
  return (
    <a href={hashOf({ view: 'run', run: run.run })}>
      <span className="title">
        <b>
          <Visible text={titleOf(run)} />
        </b>{' '}
        <Visible text={agents.join(', ')} />
        <span className="note id">{run.run}</span>
      </span>
      <span className="state">
        {kind !== 'run' && <span className="badge">{kind}</span>}
        <RunBadge status={status} />
      </span>
      <Fact name="completion" why={run.completion}>
        {estimate(run.completion)}
      </Fact>
      <Fact name="safe success" why={run.safeSuccess}>
        {estimate(run.safeSuccess)}
      </Fact>
      <Fact name="worst finding">
        {typeof worst === 'number' && worst > 0 ? <Severity level={worst} /> : none}
      </Fact>
      <Fact name="scored">
        {scored} of {several(trials, 'trial')}
        {status === 'running' && `, ${ended} ended, ${running} running`}
      </Fact>
      <Fact name="cost" why={run.costUsd}>
        {money(run.costUsd)}
      </Fact>
      <Fact name="started">
        <time dateTime={startedAt} title={startedAt}>
          {ago(startedAt, now)}, {startedAt.replace('T', ' ').slice(0, 16)}
        </time>
        {endedAt !== undefined && `, took ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`}
      </Fact>
    </a>
  );
}

function titleOf({ suites, tasks, run }: RunSummary): string {
  const [only] = tasks;
  if (tasks.length === 1 && only !== undefined) return only;
  return tasks.length === 0 ? run : `${suites.join(', ')} · ${tasks.length} tasks`;
}
