/** A tool call of a reply; a string is sent as the arguments just as it is. */
export interface ReplyCall {
  name: string;
  arguments: Record<string, unknown> | string;
  id?: string;
  /** Such as a signature that has to come back. */
  extra_content?: unknown;
}

export interface ReplyUsage {
  input: number;
  output: number;
  cached?: number;
  reasoning?: number;
}

export interface MessageReply {
  kind: 'message';
  text?: string;
  calls?: ReplyCall[];
  reasoning?: string;
  refusal?: string;
  usage?: ReplyUsage;
  /** `tool_calls` where there are calls, else `stop`. */
  finish?: string;
}

export type Reply =
  | MessageReply
  | { kind: 'status'; code: number; headers: Record<string, string>; body: unknown }
  | { kind: 'hang'; chunks: number }
  | { kind: 'disconnect'; chunks: number }
  | { kind: 'garbage' };

export const message = (parts: Omit<MessageReply, 'kind'>): Reply => ({ kind: 'message', ...parts });

/** One call, for scripts of replies. */
export const call = (name: string, args: ReplyCall['arguments'] = {}): Reply =>
  message({ calls: [{ name, arguments: args }] });

/** An error; a string is its message. */
export const status = (
  code: number,
  body: unknown = `status ${code}`,
  headers: Record<string, string> = {},
): Reply => ({
  kind: 'status',
  code,
  headers,
  body: typeof body === 'string' ? { error: { message: body, type: 'server_error', code: null } } : body,
});

/** Sends this many chunks of an answer, or nothing at all, and then keeps silent. */
export const hang = (chunks = 0): Reply => ({ kind: 'hang', chunks });

/** Sends this many chunks of an answer and cuts the connection. */
export const disconnectAfter = (chunks: number): Reply => ({ kind: 'disconnect', chunks });

/** Answers with what is no completion. */
export const garbage = (): Reply => ({ kind: 'garbage' });
