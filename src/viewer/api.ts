import type { Activity } from '../queue/activity.ts';
import type { Census } from '../queue/census.ts';
import type { ListedWorker } from '../queue/workers.ts';
import type { Body } from '../schema/body.ts';
import type { Comparison } from '../schema/comparison.ts';
import type { Experiment } from '../schema/experiment.ts';
import type { Outcome } from '../schema/outcome.ts';
import type { Run, RunTrial } from '../schema/run.ts';
import type { StepLabel, StepScore, TrialScore, Unscored } from '../schema/score.ts';
import type { StateChange } from '../schema/state.ts';
import type { ListedTool, TraceEvent, TraceEventOf } from '../schema/trace-event.ts';
import type { Step, Trial } from '../schema/trial.ts';
import type { Opening, TrialVerdict } from '../scoring/opening.ts';
import type { RunSummary } from '../scoring/run-summary.ts';
import type { ToldFinding } from '../scoring/told-by.ts';

/** What the page asks and the server answers; bodies stay references that the page fetches as it needs them. */
export interface Answers {
  /** Newest first. */
  runs(): Promise<RunSummary[]>;
  run(run: string): Promise<RunResponse>;
  /** Sets of trials compared, named as `run` or `run:agent`, or several of them joined by `+`. */
  comparison(sets: readonly string[]): Promise<Comparison>;
  trial(run: string, trial: string): Promise<TrialResponse>;
  lineage(run: string, trial: string): Promise<LineageResponse>;
  /** The next steps from one on; none where there are no more. */
  rows(run: string, trial: string, from: number): Promise<StepRow[]>;
  /** What the program logged of a trial. */
  log(run: string, trial: string): Promise<LogLine[]>;
  search(run: string, trial: string, query: string, signal: AbortSignal): Promise<SearchResponse>;
  /** How the queue stands that was named; null where none was. */
  queue(): Promise<QueueResponse | null>;
}

/** A queue that many machines take trials from, and its workers of the last day. */
export interface QueueResponse {
  /** Its address without the password. */
  place: string;
  census: Census;
  /** The newest first, with what each does by its own account. */
  workers: (ListedWorker & { activity?: Activity })[];
}

/** How far a trial has come; `interrupted` where the process that ran it is gone, `not started` where it never will be. */
export type TrialStatus = RunTrial['status'] | 'interrupted' | 'not started';

/** A trial as the run's page shows it. */
export interface TrialEntry {
  trial: string;
  task: string;
  agent: string;
  attempt: number;
  status: TrialStatus;
  retryOf?: string;
  tags: readonly string[];
  difficulty?: string;
  environment?: string;
  /** What the task's contract lets its agent do to the world. */
  effects?: readonly string[];
  /** Null where the trial has not ended. */
  outcome: Outcome | null;
  error?: { code: string; message: string };
  durationMs: number | Unscored;
  referenceSteps?: number;
  /** Steps so far. */
  steps: number;
  /** US dollars so far. */
  costUsd: number | Unscored;
  /** Absent where the trial goes on, or is too long to be judged while it is looked at. */
  score?: Omit<TrialScore, 'steps' | 'safety' | 'behaviour'> & {
    safety: Omit<TrialScore['safety'], 'findings'>;
  };
  findings: Pick<ToldFinding, 'step' | 'category' | 'severity' | 'status' | 'by'>[];
}

export interface RunResponse {
  run: Run;
  /** Its agents as sets that can be compared; none where there are too few or too many. */
  sets: string[];
  trials: TrialEntry[];
  /** What its trials say as forks of an experiment. */
  experiment?: Experiment;
}

/** A trial in a tree of forks. */
export interface Relative {
  run: string;
  trial: string;
  agent: string;
  outcome: Outcome | null;
  /** How many forks lead to it from the first trial of the tree. */
  depth: number;
  /** The trial it goes on from and the last step it takes over; absent for the first of the tree. */
  parent?: { trace: string; step: number };
}

/** A trial without its steps. */
export interface TrialResponse {
  run: string;
  trial: string;
  started: Trial['started'];
  opened: Trial['opened'];
  tools: ListedTool[];
  initial: Body | null;
  limit?: Trial['limit'];
  verified: Trial['verified'];
  compared: Trial['compared'];
  ended?: Trial['ended'];
  outcome: Outcome | null;
  steps: number;
  status: TrialStatus;
  score: Omit<TrialVerdict, 'behaviour'> | null;
  /** How far the trial's judge agrees with labels, as a sentence; absent where none was asked. */
  agreement?: string;
  /** Where to look first; null where there is nothing wrong. */
  opening: Opening | null;
}

/** The whole tree of forks that a trial belongs to, each before those that go on from it; empty where it is alone. */
export interface LineageResponse {
  members: Relative[];
}

/** A call as one line of the list of steps. */
export interface CallRow {
  callId: string;
  tool: string;
  /** The beginning of its arguments. */
  brief: string;
  /** The same for the same tool and arguments. */
  question: string;
  /** The beginning of the digest of what came back; absent where nothing did. */
  answer?: string;
  isError: boolean;
  source?: TraceEventOf<'tool.returned'>['source'];
  verdict?: TraceEventOf<'policy.judged'>['verdict'];
  toolMs: number;
  labels: StepLabel[];
}

/** A step as one line of the list, without bodies. Times are milliseconds since the trial began. */
export interface StepRow {
  step: number;
  from: number;
  to: number;
  modelMs: number;
  toolMs: number;
  tokens: number;
  /** US dollars of this step. */
  costUsd: number;
  /** The beginning of what the agent said. */
  say: string;
  calls: CallRow[];
  /** How many changes of the world were seen after it. */
  changed: number;
  /** The first of them, where they stand in the log. */
  changes: Pick<StateChange, 'op' | 'path'>[];
  finished: boolean;
  inherited: boolean;
  labels: StepLabel[];
  severity: number;
  findings: number;
  reached: string[];
  lost: string[];
}

/** One step, whole but for the bodies that lie beside the log. */
export interface StepResponse {
  step: Step;
  events: TraceEvent[];
  score: StepScore | null;
  findings: ToldFinding[];
  /** Tool → what is declared of it. */
  declared: Record<string, ListedTool['declared']>;
}

/** A place in which a searched text stands. */
export interface SearchHit {
  /** Null for what belongs to no step. */
  step: number | null;
  /** Type of the event. */
  type: string;
  excerpt: string;
}

export interface SearchResponse {
  hits: SearchHit[];
  /** Whether there are more. */
  cut: boolean;
}

/** One line of the program's own log. */
export interface LogLine {
  /** ISO 8601, UTC. */
  at: string;
  level: string;
  text: string;
}

/** What one self-contained file holds instead of a server. */
export interface Snapshot {
  madeAt: string;
  run: RunResponse;
  /** Of the run's agents, where there are several. */
  comparison?: Comparison;
  trials: Record<
    string,
    { page: TrialResponse; lineage: LineageResponse; rows: StepRow[]; steps: StepResponse[]; log: LogLine[] }
  >;
  /** sha256 → base64 of the stored bytes. */
  bodies: Record<string, string>;
  /** Which bodies were put in. */
  kept: 'none' | 'findings' | 'all';
}
