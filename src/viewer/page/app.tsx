import { Pending } from './bar.tsx';
import { ComparePage } from './compare/compare-page.tsx';
import { ComparisonPage } from './comparison/comparison-page.tsx';
import { usePlace } from './place.ts';
import { WorkersPage } from './queue/workers-page.tsx';
import { RunPageView } from './run/run-page.tsx';
import { RunsPage } from './run/runs-page.tsx';
import { useAnswer, useSource } from './source/source.tsx';
import { TrialPageView } from './trial/trial-page.tsx';

/** The page of the place that stands in the address. */
export function App() {
  const { view, run = '', trial = '', other = '', otherRun = run } = usePlace();
  const source = useSource();
  if (view === 'trial') return <TrialPageView key={`${run}/${trial}`} run={run} trial={trial} />;
  if (view === 'compare')
    return (
      <ComparePage
        key={`${run}/${trial}/${otherRun}/${other}`}
        trials={[
          { run, trial },
          { run: otherRun, trial: other },
        ]}
      />
    );
  if (view === 'comparison') return <ComparisonPage />;
  if (view === 'workers') return <WorkersPage />;
  if (view === 'run') return <RunPageView key={run} run={run} />;
  return source.kept === undefined ? <RunsPage /> : <OnlyRun />;
}

/** The one run of a report, shown where it is: an address that is replaced could undo where its reader has gone meanwhile. */
function OnlyRun() {
  const source = useSource();
  const { value, error } = useAnswer(() => source.runs(), [source]);
  const [only] = value ?? [];
  return only ? <RunPageView run={only.run} /> : <Pending error={error} what="the run" />;
}
