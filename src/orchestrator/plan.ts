import type { Agent } from '../agent/agent.ts';
import type { Environment } from '../environment/environment.ts';
import type { PastCall, RuleMatch, Told } from '../policy/judge.ts';
import type { Sandbox, SandboxProvider, SandboxSpec } from '../sandbox/sandbox.ts';
import type { PlantedCanary } from '../schema/canary.ts';
import type { Content } from '../schema/content.ts';
import type { Contract } from '../schema/contract.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import type { Limits } from '../schema/limits.ts';
import type { Policy } from '../schema/policy.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import type { Task } from '../task/task.ts';
import type { ServerNotification, Toolbox } from '../tool/toolbox.ts';
import type { Recorder } from '../trace/recorder.ts';
import type { Account } from './account.ts';

/** Everything that is decided about a trial before it starts. */
export interface TrialPlan {
  run: string;
  trial: string;
  attempt: number;
  task: Task;
  environment: Environment;
  agent: Agent;
  limits: Limits;
  /** Seconds that each phase may take; undefined means no limit. */
  phaseSeconds: readonly (number | undefined)[];
  /** hash(run seed, task, attempt). */
  seed: string;
  /** What the trial's clock starts at, ISO 8601. */
  clock: string;
  policy: Policy;
  /** What the environment and the task want. */
  contract: Contract;
  /** Values that are planted for this trial alone. */
  canaries: readonly PlantedCanary[];
  /** What host servers start from. */
  data: Json;
  /** Absent where the environment needs no sandbox. */
  sandbox?: {
    provider: SandboxProvider;
    spec: SandboxSpec;
    /** What verifiers run in, where that is not the agent's sandbox; by phase. */
    verifierSpecs: readonly SandboxSpec[];
  };
  /** What it repeats of a recorded trial. */
  inherits?: Inheritance;
}

/** What policy says of one call, as the trace records it. */
export interface CallVerdict extends Pick<TraceEventOf<'policy.judged'>, 'verdict' | 'failed'> {
  matched: Pick<RuleMatch, 'rule' | 'decision' | 'message' | 'evidence'>[];
}

/** Judges a call before it is made; `calls` are the earlier ones, oldest first. */
export interface CallJudge {
  call(tool: string, args: JsonObject, calls: readonly PastCall[], told: Told): CallVerdict;
}

export type OpenToolbox = (live: {
  plan: TrialPlan;
  sandbox?: Sandbox;
  signal: AbortSignal;
  notify(notification: ServerNotification): void;
}) => Promise<Toolbox>;

/** What a trial takes over from a recorded one, whose steps it repeats before its own agent decides. */
export interface Inheritance {
  /** The recorded trace and its last step that is repeated; absent where none is. */
  parent?: { trace: string; step: number };
  seed: string;
  clock: string;
  canaries: readonly PlantedCanary[];
  limits: Limits;
  /** Seconds that each phase may take, null for no limit; the limit of the trial holds for all where absent. */
  phaseSeconds?: readonly (number | null)[] | undefined;
  /** How many steps repeat the record; their events are marked. */
  steps: number;
  /** Whether the tokens and the cost of these steps count against the limits. */
  counts: boolean;
  /** Gives the recorded verdicts for the repeated steps, then those of `today`. */
  judge(today: CallJudge): CallJudge;
  /** Answers from the record the calls that are not made again. */
  toolbox(open: OpenToolbox): OpenToolbox;
  /** Who decides where the record can't be repeated and the trial starts over. */
  startsOver?: Agent;
  /** Called as an attempt begins, with its record, which grows as it goes on. */
  follow?(attempt: Pick<Recorder, 'trial' | 'written'>): void;
  /** Waits before a repeated call is made for as long as it has to be later than those before it. */
  paced?(callId: string, signal: AbortSignal): Promise<void>;
  /** What the agent is shown instead of a call's result. */
  shown?(callId: string): Content[] | undefined;
  /** What the agent is told after a step. */
  notice?(step: number): string | undefined;
}

/** What a trial is given to work with. */
export interface TrialParts {
  recorder: Recorder;
  judge: CallJudge;
  openToolbox: OpenToolbox;
  /** Aborted on Ctrl-C. */
  signal: AbortSignal;
  account: Account;
}
