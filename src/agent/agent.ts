import type { DecidedCall, Decision } from '../schema/decision.ts';
import type { Json } from '../schema/json.ts';
import type { View } from '../schema/view.ts';

/** What an agent decides; the orchestrator numbers the calls. */
export type AgentDecision = Omit<Decision, 'calls'> & { calls: Omit<DecidedCall, 'callId'>[] };

/** What an agent is told of its trial before it starts. */
export interface TrialBrief {
  trial: string;
  /** The task's name and folder; only `oracle` and `scripted` read the folder. */
  task: { name: string; dir: string };
  seed: string;
}

export interface DecideOptions {
  /** Aborted when a limit is reached or the run is stopped; a decision that comes later is dropped. */
  signal: AbortSignal;
  /**
   * Called with the exact request before it goes out.
   * `appended` says that `request` holds only what was added to the messages since the last one.
   */
  asked(request: Json, appended: boolean): void;
  /**
   * Sets money aside before each request to a model; what comes back is told what it cost, undefined where that is not known.
   * Rejects where the run has nothing left to pay for it. Absent where nobody keeps accounts.
   */
  reserve?(): Promise<(costUsd: number | undefined) => void>;
  /**
   * Begins a wait, which is the harness's time and counts against no limit: for a rate limit, a back-off, a silent endpoint. What comes
   * back ends it; with `thought`, an answer came and the wait was the agent's own time after all.
   */
  waiting?(): (thought?: boolean) => void;
}

/** Whatever decides. Stateless: everything it needs is in the view. */
export interface AgentSession {
  /**
   * The next decision. Throws `model-refused-key`, `model-unavailable` (the infrastructure's failure) or `context-overflow`;
   * anything else that is thrown is the agent's crash.
   */
  decide(view: View, options: DecideOptions): Promise<AgentDecision>;
  close(): Promise<void>;
}

export interface Agent {
  /** As the user named it, such as `openai:gpt-4.1` or `scripted:careless`. */
  readonly id: string;
  /** What identifies it in a trace. */
  readonly model?: string;
  readonly digest?: string;
  readonly parameters?: Json;
  /** Whether the task's `solution/` is put into its sandbox, as `/solution`. */
  readonly seesSolution?: boolean;
  /** The model of which no price is known, so that no limit on cost can be kept. */
  readonly unpriced?: string;
  /** Fails early, before any sandbox is opened: a refused key, a task that it has no script for. */
  check?(tasks: readonly TrialBrief['task'][]): Promise<void>;
  open(brief: TrialBrief): Promise<AgentSession>;
}
