import type { TokenUsage } from '../schema/decision.ts';
import type { Outcome } from '../schema/outcome.ts';
import type { TrialScore, Unscored } from '../schema/score.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import type { Trial } from '../schema/trial.ts';
import type { Agreements } from '../scoring/agreement.ts';
import { findingsAt, type Opening, openingOf, type TrialVerdict, withoutSteps } from '../scoring/opening.ts';
import { withTeller } from '../scoring/told-by.ts';
import type { BodyReader } from '../trace/body-store.ts';
import type { Child } from '../trace/lineage.ts';
import { type StepDocument, stepDocument } from './step-document.ts';

type Verified = TraceEventOf<'verifier.returned'>;

/** What a verifier said, its output whole. */
export interface VerdictDocument
  extends Pick<Verified, 'phase' | 'by' | 'where' | 'rewards' | 'checks' | 'integrity' | 'durationMs'> {
  exitCode?: number;
  error?: Verified['error'];
  stdout: string;
  stderr: string;
  /** The test runner's own report, in the Common Test Report Format. */
  ctrf?: unknown;
}

type Compared = TraceEventOf<'tests.compared'>;
type RunDocument = Omit<NonNullable<Compared['asLeft']>, 'output'> & { output: string };

/** How tests went as the agent left them, and as they were given. */
interface ComparedDocument extends Pick<Compared, 'phase' | 'changed'> {
  asLeft?: RunDocument;
  asGiven?: RunDocument;
  error?: string;
}

/** A trial with every body resolved: what `proctor show` prints. */
export interface TrialDocument {
  trial: string;
  run: string;
  task: string;
  agent: string;
  attempt: number;
  /** Absent where the task ran as it is published. */
  instance?: Trial['started']['task']['instance'];
  environment: string;
  sandbox?: { provider: string; profile: string };
  parent?: { trace: string; step: number };
  /** Trials that go on from this one. */
  children: readonly Child[];
  startedAt: string;
  /** Null where the trace ends before the trial did. */
  outcome: Outcome | null;
  /** Whether the trial is still under way; absent where it is not. */
  running?: true;
  error?: { code: string; message: string };
  limit?: { limit: string; value: number; max: number };
  durationMs: number | Unscored;
  tokens: TokenUsage;
  instruction: string;
  answer?: string;
  /** Null where nothing is wrong, or nothing was judged. */
  opening: Opening | null;
  verdicts: VerdictDocument[];
  /** The contract's tests, run again where they were changed; absent where none were. */
  testsCompared?: ComparedDocument[];
  /** Files that were kept of what the agent left; `sha256` where one lies beside the log. */
  artifacts: { name: string; bytes: number; sha256?: string }[];
  /** How far the trial's judge, where one was asked, agrees with labels; null where that was never measured. */
  agreement?: Agreements | null;
  /** Null where a long trace was not scored because only one step was asked for. */
  score: TrialVerdict | null;
  /** Those that were read: all, or the one that was asked for. */
  steps: StepDocument[];
}

export function trialDocument(
  trial: Trial,
  score: TrialScore | null,
  bodies: BodyReader,
  children: readonly Child[] = [],
): TrialDocument {
  const { started, ended, limit, outcome } = trial;
  const work = trial.opened.find(({ purpose }) => purpose === 'work');
  const steps = trial.steps.map((step) =>
    stepDocument(
      step,
      bodies,
      score?.steps.find((one) => one.step === step.index),
      findingsAt(score, step.index).map(withTeller),
    ),
  );
  return {
    trial: started.trial,
    run: started.run,
    task: started.task.name,
    agent: started.agent.id,
    attempt: started.attempt,
    ...(started.task.instance && { instance: started.task.instance }),
    environment: started.environment.name,
    ...(work && { sandbox: { provider: work.provider, profile: work.profile } }),
    ...(started.parent && { parent: started.parent }),
    children,
    startedAt: started.at,
    outcome: outcome ?? null,
    ...(ended?.error && { error: ended.error }),
    ...(limit && { limit: { limit: limit.limit, value: limit.value, max: limit.max } }),
    durationMs: ended?.durationMs ?? { unscored: 'the trace ends before the trial did' },
    tokens: score?.efficiency.tokens ?? ended?.usage ?? { input: 0, output: 0 },
    instruction: bodies.text(started.task.instruction),
    ...(ended?.answer !== undefined && { answer: bodies.text(ended.answer) }),
    opening: score && openingOf(score),
    verdicts: trial.verified.map((verified) => verdictDocument(verified, bodies)),
    ...(trial.compared.length > 0 && {
      testsCompared: trial.compared.map((compared) => comparedDocument(compared, bodies)),
    }),
    artifacts: trial.artifacts.map(({ name, bytes, data }) => ({
      name,
      bytes,
      ...(typeof data === 'object' && { sha256: data.sha256 }),
    })),
    score: score && withoutSteps(score),
    steps,
  };
}

function comparedDocument(compared: Compared, bodies: BodyReader): ComparedDocument {
  const { phase, changed, asLeft, asGiven, error } = compared;
  const run = (one: NonNullable<Compared['asLeft']>) => ({ ...one, output: bodies.text(one.output) });
  return {
    phase,
    changed,
    ...(asLeft && { asLeft: run(asLeft) }),
    ...(asGiven && { asGiven: run(asGiven) }),
    ...(error !== undefined && { error }),
  };
}

function verdictDocument(verified: Verified, bodies: BodyReader): VerdictDocument {
  const { phase, by, where, rewards, checks, integrity, durationMs, exitCode, error, ctrf } = verified;
  return {
    phase,
    by,
    where,
    rewards,
    checks,
    integrity,
    durationMs,
    ...(exitCode !== undefined && { exitCode }),
    ...(error && { error }),
    stdout: bodies.text(verified.stdout),
    stderr: bodies.text(verified.stderr),
    ...(ctrf !== undefined && { ctrf: bodies.json(ctrf) }),
  };
}
