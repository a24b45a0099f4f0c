import type { Body } from './body.ts';
import type { FoundCanary } from './canary.ts';
import type { StoredDecision, TokenUsage } from './decision.ts';
import type { Outcome } from './outcome.ts';
import type { StartedPrograms } from './started-program.ts';
import type { LargeChange, RightsChange, StateChange } from './state.ts';
import type { ListedTool, TraceEventOf } from './trace-event.ts';

/** One call of a step: what was decided, judged, made and returned. Parts are absent where they did not come about. */
export interface Call {
  callId: string;
  tool: string;
  arguments: Body;
  malformed?: string;
  judged?: TraceEventOf<'policy.judged'>;
  called?: TraceEventOf<'tool.called'>;
  returned?: TraceEventOf<'tool.returned'>;
  /** The agent was no longer there to read what came back. */
  unread?: true;
}

/** What a probe said after a step. */
export interface StateAnswer {
  digest?: string;
  changes: StateChange[];
  /** sha256 → text of changed files, before and after; those of long and of binary files are missing. */
  contents: Record<string, Body>;
  /** Entries whose owner or access list changed. */
  rights: RightsChange[];
  /** sha256 of each archive that the step made and that could be looked into → sha256 of each content in it. */
  packed: Record<string, string[]>;
  /** By path, what is gone from long texts that were changed in place, and new in them. */
  large: Record<string, LargeChange>;
  error?: string;
}

/** What a project's own probe says, or why it has no answer. */
export type ProbedAnswer = { answer: unknown } | { error: string };

/** The programs that were started in a step. */
export interface StartedAnswer extends StartedPrograms {
  lost: number;
  error?: string;
}

/** What decisions took. */
export interface Spending {
  usage: TokenUsage;
  /** US dollars; absent until a price is known for one of them. */
  costUsd?: number;
}

export interface Step {
  index: number;
  asked?: TraceEventOf<'agent.asked'>;
  /** The model's answers as they came, where they are recorded. */
  answered?: TraceEventOf<'agent.answered'>[];
  decision: StoredDecision;
  /** Milliseconds the agent thought. */
  thoughtMs: number;
  calls: Call[];
  /** Absent where the environment has no state. */
  state?: StateAnswer;
  /** Milestone name → held; a milestone that could not be asked is absent and named in `unanswered`. */
  milestones: Record<string, boolean>;
  unanswered: string[];
  /** What the project's own probes say, by their ids; absent where it has none. */
  probed?: Record<string, ProbedAnswer>;
  /** What left the sandbox or tried to, where that is recorded. */
  attempts: TraceEventOf<'network.attempted'>[];
  /** What the agent's program has started, where it runs in the sandbox and that was looked at. */
  started?: StartedAnswer;
  /** Planted values that were in files after the step and not before. */
  spread: FoundCanary[];
  /** Archives that the step left and that could not be wholly looked into for planted values. */
  unread?: string[];
  finished: boolean;
  inherited: boolean;
  /** What the harness told the agent after the step, such as a reminder to submit. */
  notice?: string;
  /** The instruction of the phase that begins after the step. */
  begins?: Body;
  startedAt: string;
  /** Absent where the step was cut off. */
  finishedAt?: string;
}

/** A trial, folded from its events. Bodies stay references; `trace/` resolves them. */
export interface Trial {
  started: TraceEventOf<'trial.started'>;
  opened: TraceEventOf<'sandbox.opened'>[];
  /** As they were listed last. */
  tools: ListedTool[];
  /** Those that were listed before, and no longer are; absent where the list never changed. */
  formerTools?: ListedTool[];
  /** The state before the first step, where there is one. */
  initial?: {
    digest?: string;
    value?: unknown;
    milestones: Record<string, boolean>;
    probed?: Record<string, ProbedAnswer>;
    error?: string;
    planted?: FoundCanary[];
    /** sha256 → text of the task's short files. */
    contents?: Record<string, Body>;
  };
  steps: Step[];
  /** Of the steps that are the trial's own, and of those that repeat another trial's. */
  spent: { own: Spending; inherited: Spending };
  /** Calls that an external program made of tools of its own, so that nobody saw what they did; absent where none is known of. */
  unseenCalls?: number;
  /** The phase that is under way, or was last, from 0. */
  phase: number;
  limit?: TraceEventOf<'limit.reached'>;
  /** How the program ended that decided, where one did. */
  program?: TraceEventOf<'program.ended'>;
  /** What the agent left running. */
  quiesced?: TraceEventOf<'sandbox.quiesced'>;
  /** What went wrong with services beside the sandbox. */
  serviceFailures?: TraceEventOf<'service.failed'>[];
  verified: TraceEventOf<'verifier.returned'>[];
  /** The contract's tests, run again where they were changed. */
  compared: TraceEventOf<'tests.compared'>[];
  /** Files that were kept of what the agent left. */
  artifacts: TraceEventOf<'artifact.collected'>[];
  /** Absent where the trace ends in the middle. */
  ended?: TraceEventOf<'trial.ended'>;
  outcome?: Outcome;
  notifications: TraceEventOf<'server.notified'>[];
}
