import { ComparePage } from './compare/compare-page.tsx';
import { usePlace } from './place.ts';
import { RunPageView } from './run/run-page.tsx';
import { RunsPage } from './run/runs-page.tsx';
import { useSource } from './source/source-context.tsx';
import { TrialPageView } from './trial/trial-page.tsx';

/** The page of the place that stands in the address. */
export function App() {
  const { view, run = '', trial = '', other = '' } = usePlace();
  const source = useSource();
  if (view === 'trial') return <TrialPageView key={`${run}/${trial}`} run={run} trial={trial} />;
  if (view === 'compare')
    return <ComparePage key={`${trial}/${other}`} run={run} trial={trial} other={other} />;
  if (view === 'run') return <RunPageView key={run} run={run} />;
  return <RunsPage only={source.kept !== undefined} />;
}
