import { useEffect, useMemo, useState } from 'react';
import type { RunPage } from '../../api.ts';
import { Bar, Pending } from '../bar.tsx';
import { usePlace } from '../place.ts';
import { useAnswer, useSource } from '../source/source-context.tsx';
import { AgentBars } from './agent-bars.tsx';
import { CostScatter } from './cost-scatter.tsx';
import { FindingCategories } from './finding-categories.tsx';
import { HouseFailures } from './house-failures.tsx';
import { Matrix } from './matrix.tsx';
import { RunHead } from './run-head.tsx';
import { TrapFigures } from './trap-figures.tsx';
import { TrialFilter } from './trial-filter.tsx';
import { TrialList } from './trial-list.tsx';
import { sortedTrials, wantedTrials } from './wanted-trials.ts';

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

function OpenRun({ page }: { page: RunPage }) {
  const { query } = usePlace();
  const trials = useMemo(() => wantedTrials(page.trials, query), [page.trials, query]);
  const sorted = useMemo(() => sortedTrials(trials, query.sort), [trials, query.sort]);
  return (
    <main className="run">
      <RunHead page={page} />
      <TrialFilter page={page} shown={trials.length} query={query} />
      <Matrix page={page} trials={trials} sort={query.sort} />
      <div className="plots">
        <AgentBars agents={page.summary.agents} />
        <CostScatter run={page.run.run} trials={trials} agents={page.run.config.agents} />
        <FindingCategories trials={trials} />
        <TrapFigures agents={page.summary.agents} />
      </div>
      <TrialList run={page.run.run} trials={sorted} sort={query.sort} />
      <HouseFailures page={page} />
    </main>
  );
}
