import type { Content } from '../schema/content.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import type { ListedTool, NewTraceEventOf } from '../schema/trace-event.ts';

type Returned = NewTraceEventOf<'tool.returned'>;

/** What a tool call gave, as the trace records it. Failures of the tool are data; only the harness's own failures are thrown. */
export interface ToolResult {
  content: Content[];
  structured?: JsonObject;
  isError: boolean;
  errorClass?: NonNullable<Returned['errorClass']>;
  /** `harness` where the call never reached a tool: no such tool, arguments that do not fit; `policy` where it was denied; `record` where a replay did not make it again. */
  source: Returned['source'];
  /** Whether output was cut at the capture cap. */
  captureCut: boolean;
  durationMs: number;
}

export interface CallOptions {
  signal: AbortSignal;
  timeoutMs: number;
  /** The arguments as JSON text, where they hold integers that a double can't; servers in this process get those rounded. */
  exact?: string;
  /** Called where a server asks to be called later; what is returned is called when that is over. */
  waiting?: () => () => void;
}

/** The result of a call that never reached a tool. */
export function notCalled(errorClass: NonNullable<ToolResult['errorClass']>, text: string): ToolResult {
  const content: Content[] = [{ type: 'text', text }];
  return { content, isError: true, errorClass, source: 'harness', captureCut: false, durationMs: 0 };
}

/** A notification of a tool server: a log line, progress, a changed tool list. */
export interface ServerNotification {
  server: string;
  method: string;
  params: Json;
}

/** All tools of one trial, each over MCP, whatever its placement. */
export interface Toolbox {
  /** As listed now; a server may change its list between calls. */
  list(): readonly ListedTool[];
  /** Calls one tool. Throws `tool-server-failed` where a host server dies, `sandbox-broken` where the sandbox does. */
  call(tool: string, args: JsonObject, options: CallOptions): Promise<ToolResult>;
  /** The state of a host server that declares one. */
  state(server: string): Promise<Json>;
  close(): Promise<void>;
}
