import type { Agent } from '../agent/agent.ts';
import type { Environment } from '../environment/environment.ts';
import type { Judge } from '../policy/judge.ts';
import type { Sandbox, SandboxProvider, SandboxSpec } from '../sandbox/sandbox.ts';
import type { Json } from '../schema/json.ts';
import type { Limits } from '../schema/limits.ts';
import type { Policy } from '../schema/policy.ts';
import type { NewTraceEvent, TraceEvent } from '../schema/trace-event.ts';
import type { Task } from '../task/task.ts';
import type { ServerNotification, Toolbox } from '../tool/toolbox.ts';
import type { BodyWriter } from '../trace/trace.ts';

/** Everything that is decided about a trial before it starts. */
export interface TrialPlan {
  run: string;
  trial: string;
  attempt: number;
  task: Task;
  environment: Environment;
  agent: Agent;
  limits: Limits;
  /** hash(run seed, task, attempt). */
  seed: string;
  /** What the trial's clock starts at, ISO 8601. */
  clock: string;
  policy: Policy;
  /** What host servers start from. */
  data: Json;
  /** Absent where the environment needs no sandbox. */
  sandbox?: { provider: SandboxProvider; spec: SandboxSpec };
  parent?: { trace: string; step: number };
}

/** Where a trial's events go. */
export interface Recorder {
  readonly bodies: BodyWriter;
  append(event: NewTraceEvent): TraceEvent;
  sync(): void;
}

/** What a trial is given to work with. */
export interface TrialParts {
  recorder: Recorder;
  judge: Judge;
  openToolbox(room: {
    plan: TrialPlan;
    sandbox?: Sandbox;
    signal: AbortSignal;
    notify(notification: ServerNotification): void;
  }): Promise<Toolbox>;
  /** Aborted on Ctrl-C. */
  signal: AbortSignal;
  /** Aborted when the run's budget is used up. */
  budget: AbortSignal;
  /** Takes the cost of a decision, in US dollars, to the run's account. */
  spend(costUsd: number): void;
}
