import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Json, JsonObject } from '../schema/json.ts';

/** What a host module is given: everything that may differ between trials comes from here. */
export interface HostContext {
  /** Seed of the trial; `random` is a generator made from it, 0 ≤ x < 1. */
  seed: string;
  random(): number;
  /** The trial's clock: starts at a recorded instant and moves only by the module's own doing. */
  now(): Date;
  /** The environment's `seed.json` with the task's `seed.json` merged over it. */
  data: Json;
  /** The sandbox, where the environment has one. */
  sandbox?: Sandbox;
  log(message: string): void;
}

export interface HostTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments, or a zod object. */
  input: unknown;
  annotations?: {
    readOnlyHint?: boolean;
    destructiveHint?: boolean;
    idempotentHint?: boolean;
    openWorldHint?: boolean;
  };
  /** Returns text, any JSON (shown as text), or throws an `Error` whose message the agent is shown as a tool error. */
  call(args: JsonObject, context: { signal: AbortSignal }): unknown;
}

/** What a host module's default export returns. */
export interface HostServer {
  tools: HostTool[];
  /** The server's state as JSON, for probes and verification. */
  state?(): Json;
  close?(): void | Promise<void>;
}

/** The default export of a host module. */
export type HostModule = (context: HostContext) => HostServer | Promise<HostServer>;
