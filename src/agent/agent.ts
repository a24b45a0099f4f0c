import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Content } from '../schema/content.ts';
import type { DecidedCall, Decision } from '../schema/decision.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import type { ListedTool, NewTraceEventOf } from '../schema/trace-event.ts';
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
   * `appended` says that `request` holds only what was added to the messages since the last one, of its `conversation` where there are several.
   */
  asked(request: Json, appended: boolean, conversation?: Conversation): void;
  /** Called with each answer of a model that a program asked for itself. */
  answered?(answer: ModelAnswer): void;
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

/** One of the conversations that a program has with models. */
interface Conversation {
  conversation: string;
  /** What it is for, where nothing is decided in it. */
  side?: string;
}

/** An answer as it came; `request` is the sha256 of the request's JSON. */
export type ModelAnswer = Conversation &
  Pick<NewTraceEventOf<'agent.answered'>, 'dialect' | 'path' | 'request' | 'status' | 'contentType'> & {
    answer: string;
  };

/** A call that an agent is to make itself, or is to be told why it may not. */
export interface JudgedCall {
  callId: string;
  refused?: string;
}

/** What came of a decision whose calls the agent made itself. */
export interface Performed {
  /** What came back, of calls of earlier decisions too; a call that has not come back yet is missing. */
  results: { callId: string; content: Content[]; isError: boolean }[];
  /** The agent's program has ended, with this exit code, or null by a signal; `said` is the end of what it printed. */
  ended?: { exitCode: number | null; said: string };
}

/** A model call that a program made for itself, as it was recorded. */
export interface RecordedExchange {
  conversation: string;
  path: string;
  request: JsonObject;
  answer: { status: number; contentType: string; body: string };
}

/** A request of a program that is not the recorded one. */
export interface DifferentRequest {
  step: number;
  /** Where in the request, such as `messages[3].content`. */
  path: string;
  recorded?: string;
  now?: string;
}

/** The model calls with which a program begins that is run again. */
export interface RecordedStart {
  exchanges: readonly RecordedExchange[];
  /** How many steps they are for: later calls are made. All of them where absent, and no model is asked. */
  steps?: number;
  differs(request: DifferentRequest): void;
}

/** What an agent inside of the sandbox is given of it. */
export type Room = Pick<Sandbox, 'spawn' | 'files' | 'info' | 'listen'>;

/** Whatever decides. Stateless: everything it needs is in the view. */
export interface AgentSession {
  /**
   * The next decision. Throws `model-refused-key`, `model-unavailable` (the infrastructure's failure) or `context-overflow`;
   * anything else that is thrown is the agent's crash.
   */
  decide(view: View, options: DecideOptions): Promise<AgentDecision>;
  /**
   * Makes the calls of the last decision, all of which were judged, and returns when the agent is about to decide again, or has ended.
   * Absent where the orchestrator makes the calls.
   */
  perform?(
    calls: readonly JudgedCall[],
    options: Pick<DecideOptions, 'signal' | 'waiting'>,
  ): Promise<Performed>;
  /** The tools that such an agent has, as far as they are known by now. */
  tools?(): readonly ListedTool[];
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
  /** It has tools of its own, whose calls it makes itself, inside of the sandbox. */
  readonly inside?: true;
  /** Programs that its program starts for itself beside its calls, with `*` for any text. */
  readonly helpers?: readonly string[];
  /** A folder with a Dockerfile that installs its program over a task's image (`ImageSource.agentLayer`). */
  readonly layer?: string;
  /** Megabytes that its program may take in a sandbox, beside what the task's may. */
  readonly memoryMb?: number;
  /** The model of which no price is known, so that no limit on cost can be kept. */
  readonly unpriced?: string;
  /** Fails early, before any sandbox is opened: a refused key, a task that it has no script for. */
  check?(tasks: readonly TrialBrief['task'][]): Promise<void>;
  /** The same, whose program's first model calls are answered from a record; absent where it has no program, or that can't be done. */
  from?(start: RecordedStart): Agent;
  /** @param room the sandbox of the trial, where there is one */
  open(brief: TrialBrief, room?: Room): Promise<AgentSession>;
}
