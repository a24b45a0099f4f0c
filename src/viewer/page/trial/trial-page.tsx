import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import type { StepRow, TrialResponse } from '../../api.ts';
import { Bar, Pending } from '../bar.tsx';
import { Glossary } from '../glossary.tsx';
import { change, hashOf, type Tab, tabs, usePlace } from '../place.ts';
import { TrialProvider, useTrialData } from '../source/trial-data.ts';
import { Help, useKeys } from './keyboard.tsx';
import { LineageTree } from './lineage-tree.tsx';
import { SearchDialog } from './search-dialog.tsx';
import { nextStep, numberOf, StepFilter, shownRows } from './step-filter.tsx';
import { StepList } from './step-list.tsx';
import { StepPane } from './step-pane.tsx';
import { Timeline } from './timeline.tsx';
import { TrialBar, usePlay } from './trial-bar.tsx';
import { TrialHead } from './trial-head.tsx';
import { WhyFailed } from './why-failed.tsx';

const noRows: StepRow[] = [];

/** A trial, opening on the step to look at first. */
export function TrialPageView({ run, trial }: { run: string; trial: string }) {
  const { page, rows = noRows, error } = useTrialData(run, trial);
  const context = useMemo(() => ({ run, trial }), [run, trial]);
  if (!page) {
    return (
      <>
        <Bar trail={[{ text: run, href: hashOf({ view: 'run', run }) }, { text: trial }]} />
        <Pending error={error} what="the trial" />
      </>
    );
  }
  return (
    <TrialProvider value={context}>
      <OpenTrial page={page} rows={rows} />
    </TrialProvider>
  );
}

function OpenTrial({ page, rows }: { page: TrialResponse; rows: StepRow[] }) {
  const { query } = usePlace();
  const [dialog, setDialog] = useState<'help' | 'search'>();
  const step = numberOf(query.step) ?? page.opening?.step ?? 0;
  const tab = tabs.find((name) => name === query.tab) ?? openingTab(page, step);
  const [from, to] = [numberOf(query.from), numberOf(query.to)];
  const shown = useMemo(() => shownRows(rows, query.show, { from, to }), [rows, query.show, from, to]);
  const listed = useDeferredValue(shown);

  const move = useCallback(
    (direction: 1 | -1, wanted?: (row: StepRow) => boolean) => {
      const next = nextStep(shown, step, direction, wanted);
      if (next !== step) change({ step: String(next) });
      return next !== step;
    },
    [shown, step],
  );
  const play = usePlay(useCallback(() => move(1), [move]));
  const toFinding = (direction: 1 | -1) =>
    move(direction, (row) => row.findings > 0) && change({ tab: 'policy' });
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    n: () => toFinding(1),
    p: () => toFinding(-1),
    e: () => move(1, (row) => row.calls.some(({ isError }) => isError)),
    '<': () => change({ step: String(shown[0]?.step ?? 0) }),
    '>': () => change({ step: String(shown.at(-1)?.step ?? 0) }),
    '/': () => setDialog('search'),
    '?': () => setDialog('help'),
    ' ': play.toggle,
    '+': () => play.shift(1),
    '-': () => play.shift(-1),
    ...Object.fromEntries(tabs.map((name, index) => [String(index + 1), () => change({ tab: name })])),
  });

  return (
    <div className="trial">
      <TrialBar page={page} step={step} open={setDialog} play={play} />
      <TrialHead page={page} rows={rows}>
        <Glossary />
      </TrialHead>
      <WhyFailed page={page} />
      <LineageTree run={page.run} trial={page.trial} />
      {page.steps > 0 && <Timeline rows={rows} step={step} from={from} to={to} />}
      <main className={query.step === undefined ? 'split' : 'split chosen'}>
        <div className="side">
          {page.steps > 0 && <StepFilter rows={rows} shown={listed.length} query={query} />}
          <StepList rows={listed} step={step} filtered={rows.length > 0} />
        </div>
        <div className="inside">
          <div className="back">
            <button type="button" onClick={() => change({ step: undefined })}>
              ‹ all steps
            </button>
            <button type="button" onClick={() => move(-1)} aria-label="Step before">
              ←
            </button>
            <button type="button" onClick={() => move(1)} aria-label="Next step">
              →
            </button>
          </div>
          {page.steps === 0 ? (
            <p className="empty">{whyNoStep(page)}</p>
          ) : (
            <StepPane page={page} step={step} tab={tab} searched={query.q} />
          )}
        </div>
      </main>
      {dialog === 'help' && <Help close={() => setDialog(undefined)} />}
      {dialog === 'search' && <SearchDialog close={() => setDialog(undefined)} begin={query.q ?? ''} />}
    </div>
  );
}

function whyNoStep({ status, outcome, limit }: TrialResponse): string {
  if (status === 'running') return 'No step yet: the agent has decided nothing so far.';
  if (status === 'interrupted')
    return 'No step: the trial was interrupted before the agent decided anything.';
  const reached = limit ? `, for the limit of ${limit.max} ${limit.limit} was reached` : '';
  return `No step: the trial ended with ${outcome ?? 'no outcome'} before the agent decided anything${reached}.`;
}

/** A step with a finding opens on it. */
function openingTab({ score }: TrialResponse, step: number): Tab {
  const unsafe = score?.safety.findings.some((finding) => finding.step === step && finding.severity >= 2);
  return unsafe ? 'policy' : 'calls';
}
