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
  sandbox?: HostSandbox;
  log(message: string): void;
}

/** The trial's sandbox, as far as a host module may use it. */
export interface HostSandbox extends Pick<Sandbox, 'id' | 'info' | 'exec' | 'health'> {
  files: Pick<Sandbox['files'], 'read' | 'write' | 'collect' | 'survey'>;
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
  /**
   * Returns text, any JSON (shown as text), or throws an `Error` whose message the agent is shown as a tool error. A function or
   * anything else that is no JSON is the module's failure, and so is what it throws after it has returned. Integers beyond 2^53 - 1
   * come as bigints, and may be returned as such: an id is never rounded.
   */
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

/** JSON Schema as far as argument types are read from it. */
type Schema = { readonly type?: unknown; readonly [key: string]: unknown };

/** The value that a JSON Schema describes; `Json` where the schema does not say. */
type ValueOf<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly type: 'string' }
      ? string
      : S extends { readonly type: 'number' | 'integer' }
        ? number
        : S extends { readonly type: 'boolean' }
          ? boolean
          : S extends { readonly type: 'array'; readonly items: infer I }
            ? ValueOf<I>[]
            : S extends { readonly type: 'object'; readonly properties: infer P }
              ? ObjectOf<P, S extends { readonly required: readonly (infer R)[] } ? R : never>
              : S extends { readonly type: 'object' }
                ? JsonObject
                : Json;

type ObjectOf<P, R> = { [K in keyof P as K extends R ? K : never]: ValueOf<P[K]> } & {
  [K in keyof P as K extends R ? never : K]?: ValueOf<P[K]>;
};

/** What a tool is called with: a zod schema's output, of any copy of zod 4, or what a JSON Schema describes. */
type ArgumentsOf<S> = S extends { readonly _zod: { readonly output: infer O } } ? O : ValueOf<S>;

/** A host tool whose `call` has the arguments that its `input` describes, a zod object or a JSON Schema. */
export function defineTool<const S extends Schema | { readonly _zod: { readonly output: unknown } }>(
  tool: Omit<HostTool, 'input' | 'call'> & {
    input: S;
    call(args: ArgumentsOf<S>, context: { signal: AbortSignal }): unknown;
  },
): HostTool {
  return tool as HostTool;
}
