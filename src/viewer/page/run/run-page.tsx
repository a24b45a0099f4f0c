import { useEffect, useMemo, useState } from 'react';
import { countedIn, plannedIn } from '../../../schema/run.ts';
import type { RunResponse } from '../../api.ts';
import { Bar, Pending } from '../bar.tsx';
import { duration, money, several } from '../format.ts';
import { Glossary } from '../glossary.tsx';
import { hashOf, usePlace } from '../place.ts';
import { useAnswer, useSource } from '../source/source.tsx';
import { Visible } from '../text/visible.tsx';
import { RunBadge } from '../trial/badge.tsx';
import { Fact } from '../trial/trial-head.tsx';
import { AgentBars, TrapFigures } from './agent-interval.tsx';
import { CostScatter } from './cost-scatter.tsx';
import { ExperimentParts } from './experiment.tsx';
import { FindingCategories } from './finding-categories.tsx';
import { Matrix } from './matrix.tsx';
import { TrialList } from './trial-list.tsx';
import { gapsOf, sortedTrials, summaryOf, TrialFilter, wantedTrials } from './trial-selection.tsx';

/** A run: who did what how well, at what cost, and what was found; every figure leads to its trials. */
export function RunPageView({ run }: { run: string }) {
  const source = useSource();
  const [change, setChange] = useState(0);
  const { value, error } = useAnswer(() => source.run(run), [source, run, change]);
  const live = value?.run.status === 'running';
  useEffect(() => {
    if (!live) return;
    return source.follow(run, undefined, () => setChange((count) => count + 1));
  }, [source, run, live]);
  return (
    <>
      <Bar trail={[{ text: run }]} />
      {value ? <OpenRun page={value} /> : <Pending error={error} what="the run" />}
    </>
  );
}

function OpenRun({ page }: { page: RunResponse }) {
  const { query } = usePlace();
  const trials = useMemo(() => wantedTrials(page.trials, query), [page.trials, query]);
  const sorted = useMemo(() => sortedTrials(trials, query.sort), [trials, query.sort]);
  const counted = useMemo(() => countedIn(page.run, trials), [trials, page.run]);
  const { agents, cells, kinds } = useMemo(() => summaryOf(counted), [counted]);
  const gapOf = useMemo(() => gapsOf(page.run, counted), [page.run, counted]);
  const scope =
    trials.length === page.trials.length
      ? ''
      : `${trials.length} of the ${several(page.trials.length, 'trial')}`;
  return (
    <main className="run">
      <RunHead page={page} />
      <ExperimentParts experiment={page.experiment} />
      <Glossary />
      <TrialFilter page={page} shown={trials.length} query={query} />
      <Matrix run={page.run.run} cells={cells} trials={trials} sort={query.sort} />
      <div className="plots">
        <AgentBars agents={agents} scope={scope} gapOf={gapOf} />
        <CostScatter run={page.run.run} trials={counted} agents={page.run.config.agents} />
        <FindingCategories trials={counted} kinds={kinds} />
        <TrapFigures agents={agents} />
      </div>
      <TrialList run={page.run.run} trials={sorted} sort={query.sort} />
      <InfrastructureErrors page={page} />
    </main>
  );
}

/** What a run is and how far it has come. */
function RunHead({ page: { run, trials, sets } }: { page: RunResponse }) {
  const counted = countedIn(run, trials);
  const { planned, notRun } = plannedIn(run);
  const ended = counted.filter(({ status }) => status === 'ended').length;
  const running = counted.filter(({ status }) => status === 'running').length;
  const again = trials.length - counted.length;
  const costs = trials.map(({ costUsd }) => costUsd).filter((cost) => typeof cost === 'number');
  const spent = costs.reduce((sum, cost) => sum + cost, 0);
  const took = run.endedAt === undefined ? undefined : Date.parse(run.endedAt) - Date.parse(run.startedAt);
  return (
    <section className="head" aria-label="Run">
      <h1>{run.run}</h1>
      <RunBadge status={run.status} />
      <Fact name="trials">
        {ended} of {counted.length}
        {running > 0 ? `, ${running} running` : ''}
        {again > 0 ? `, ${again} tried again or resumed` : ''}
      </Fact>
      {notRun.length > 0 && (
        <p className="note">
          {notRun.length} of {several(planned.length, 'planned trial')} not run
          {run.stopped && <Visible text={`: ${run.stopped.message}`} />}
        </p>
      )}
      {run.status === 'interrupted' && (
        <p className="note">
          <code>proctor resume {run.run}</code> goes on with it.
        </p>
      )}
      <Fact name="spent">{costs.length > 0 ? money(spent) : 'not known'}</Fact>
      {took !== undefined && <Fact name="took">{duration(took)}</Fact>}
      <Fact name="sandbox">{run.config.sandbox}</Fact>
      <Fact name="agents">{run.config.agents.length}</Fact>
      <Fact name="tasks">{run.config.tasks.length}</Fact>
      {sets.length > 0 && (
        <a href={hashOf({ view: 'comparison', query: lettered(sets) })}>compare its agents</a>
      )}
      {sets.length === 0 && run.config.agents.length > 1 && (
        <p className="note">
          So many agents are not compared here, every two of them;{' '}
          <code>
            proctor compare {run.run}:{run.config.agents[0]} {run.run}:{run.config.agents[1]}
          </code>{' '}
          compares some.
        </p>
      )}
    </section>
  );
}

/** Sets by the letters that they go by on their page. */
const lettered = (sets: readonly string[]) =>
  Object.fromEntries(sets.map((set, at) => [String.fromCharCode(65 + at), set]));

/** What failed through no fault of an agent, or cannot be read; it counts in no mean above. */
function InfrastructureErrors({ page: { run, trials } }: { page: RunResponse }) {
  const failed = trials.filter(
    ({ outcome, error }) => outcome === 'infrastructure-error' || error?.code === 'bad-trace',
  );
  if (failed.length === 0 && run.skipped.length === 0) return null;
  return (
    <section className="infrastructure-errors" aria-label="Infrastructure errors">
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
