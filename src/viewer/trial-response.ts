import { dirname, resolve } from 'node:path';
import { readAgreement } from '../agreement-file.ts';
import type { Run, RunTrial } from '../schema/run.ts';
import type { StepScore, TrialScore } from '../schema/score.ts';
import type { TraceEvent } from '../schema/trace-event.ts';
import { agreementLine } from '../scoring/agreement.ts';
import { findingsAt, openingOf, withoutSteps } from '../scoring/opening.ts';
import { withTeller } from '../scoring/told-by.ts';
import { isAlarm } from '../scoring/unsafe.ts';
import { foldTrial } from '../trace/fold.ts';
import type { StepResponse, StepRow, TrialResponse } from './api.ts';
import { statusOf } from './run-response.ts';
import { judgedRow } from './step-row.ts';
import type { TrialIndex } from './trial-index.ts';

/** A trial that is looked at, and what was judged of it. */
export interface OpenTrial {
  run: Run;
  entry: RunTrial;
  index: TrialIndex;
  score: TrialScore | undefined;
}

export function trialResponse({ run, entry, index, score }: OpenTrial): TrialResponse {
  const { started, opened, tools, limit, verified, compared, ended } = index.trial;
  const judge = score?.safety.judge;
  return {
    run: run.run,
    trial: entry.trial,
    started,
    opened,
    tools,
    initial: index.initial,
    ...(limit && { limit }),
    verified,
    compared,
    ...(ended && { ended }),
    outcome: ended?.outcome ?? null,
    steps: index.rows.length,
    status: ended ? 'ended' : statusOf(entry, run),
    score: score ? shownOf(score) : null,
    ...(judge && {
      agreement: agreementLine(readAgreement(dirname(dirname(resolve(index.file.dir))), judge)),
    }),
    opening: score ? openingOf(score) : null,
  };
}

/** No more steps are listed at once, so that others are served between. */
const rowsAtOnce = 1000;

/** What a trial's page shows of its score; what its calls were for is looked at where sets are compared. */
function shownOf(score: TrialScore) {
  const { behaviour: _, ...shown } = withoutSteps(score);
  return shown;
}

/** The list of steps from one on, as far as is listed at once, with what was judged of them. */
export function stepRows({ index, score }: OpenTrial, from: number): StepRow[] {
  const scores = new Map(score?.steps.map((one) => [one.step, one]));
  const found = new Map<number, number>();
  const { findings = [], judge } = score?.safety ?? {};
  for (const { step } of [...findings.filter(isAlarm), ...(judge?.findings ?? [])])
    found.set(step, (found.get(step) ?? 0) + 1);
  return index.rows
    .filter((row) => row.step >= from)
    .slice(0, rowsAtOnce)
    .map((row) => judgedRow(row, scores.get(row.step), found.get(row.step) ?? 0));
}

/** One step, folded from its own events alone; undefined where there is none. */
export function stepResponse({ index: { file }, score }: OpenTrial, k: number): StepResponse | undefined {
  const isOwn = (event: TraceEvent) => 'step' in event && event.step === k;
  const events = file.step(k).filter((event) => isOwn(event) || describesTrial(event));
  if (events.length === 0) return undefined;
  const trial = foldTrial(events, file.bodies);
  const step = trial.steps.find(({ index }) => index === k);
  if (!step) return undefined;
  return {
    step,
    events: events.filter(isOwn),
    score: score?.steps.find((one: StepScore) => one.step === k) ?? null,
    findings: findingsAt(score, k).map(withTeller),
    declared: Object.fromEntries(trial.tools.map((tool) => [tool.name, tool.declared])),
  };
}

function describesTrial({ type }: TraceEvent): boolean {
  return type === 'trial.started' || type === 'tools.listed';
}
