import { ProctorError } from '../errors.ts';
import type { Content } from '../schema/content.ts';
import { contentOf, type ToolAnswer } from './mcp/answer.ts';
import type { CallOutcome, CallToolResult } from './mcp.ts';
import { type OpenServer, serverFailed } from './server.ts';
import type { ToolResult } from './toolbox.ts';

/** What a call means to the trial that is given its outcome. */
export interface CallContext {
  tool: string;
  server: OpenServer;
  timeoutMs: number;
  captureBytes: number;
  /** Whether the agent can run commands beside the server, and so may have killed it. */
  agentCanKill: boolean;
  durationMs: number;
}

/** Says whose failure an outcome is: the tool's becomes a result, the harness's is thrown. */
export function resultOf(outcome: CallOutcome, context: CallContext): ToolResult {
  const { tool, timeoutMs } = context;
  switch (outcome.kind) {
    case 'result':
      return answered(outcome.result, context);
    case 'timeout':
      return failed(context, {
        text: `"${tool}" did not answer within ${timeoutMs / 1000} s; the call was given up.`,
        errorClass: 'timeout',
      });
    case 'malformed':
      return failed(context, {
        text: `"${tool}" answered with something that is not a tool result: ${outcome.message}`,
      });
    case 'aborted':
      throw new ProctorError('interrupted', `The call of "${tool}" was stopped.`);
    case 'error':
      return refused(outcome, context);
    case 'lost':
      return lost(outcome.message, context);
  }
}

function failed(
  { durationMs }: CallContext,
  { text, errorClass = 'tool', captureCut = false }: { text: string } & Partial<ToolResult>,
): ToolResult {
  const content: Content[] = [{ type: 'text', text }];
  return { content, isError: true, errorClass, source: 'tool', captureCut, durationMs };
}

const ours = ({ placement }: OpenServer) => placement === 'builtin' || placement === 'host';

function answered(result: ToolAnswer, { server, captureBytes, durationMs }: CallContext): ToolResult {
  const own = ours(server) ? (result._meta as OwnMeta | undefined)?.proctor : undefined;
  const { content, cut } = capture(blocksOf(result), captureBytes);
  const isError = result.isError === true;
  return {
    content,
    ...(result.structuredContent && !cut && { structured: result.structuredContent }),
    isError,
    ...(isError && { errorClass: own?.errorClass ?? 'tool' }),
    source: 'tool',
    captureCut: cut || own?.captureCut === true,
    durationMs,
  };
}

function refused(
  { message, data }: Extract<CallOutcome, { kind: 'error' }>,
  context: CallContext,
): ToolResult {
  const { proctor } = (data ?? {}) as { proctor?: ProctorError['code'] | 'capture-cut' };
  if (proctor === 'capture-cut') return failed(context, { text: message, captureCut: true });
  if (proctor !== undefined && ours(context.server)) throw new ProctorError(proctor, message);
  return failed(context, { text: message });
}

function lost(message: string, context: CallContext): ToolResult {
  const { tool, server, agentCanKill } = context;
  const why = server.whyGone?.() ?? message;
  if (server.placement === 'sandbox' && agentCanKill) {
    return failed(context, {
      text: `The server of "${tool}" is gone (${why}); its tools can no longer be used.`,
      errorClass: 'server-gone',
    });
  }
  throw serverFailed(server.name, `failed: ${why}`);
}

/** A server may leave its words out where it gives structured output; an agent reads that then. */
function blocksOf({ content, structuredContent }: ToolAnswer): Content[] {
  if (content.length > 0 || structuredContent === undefined) return content.map(contentOf);
  return [{ type: 'text', text: JSON.stringify(structuredContent) }];
}

/** Keeps the first `limit` bytes: of a text what fits, of anything else all or nothing. */
function capture(content: Content[], limit: number): { content: Content[]; cut: boolean } {
  let left = limit;
  const kept: Content[] = [];
  for (const block of content) {
    const size = sizeOf(block);
    if (size <= left) kept.push(block);
    else {
      if (block.type === 'text') kept.push({ type: 'text', text: firstBytes(block.text, left) });
      return { content: kept, cut: true };
    }
    left -= size;
  }
  return { content: kept, cut: false };
}

function sizeOf(block: Content): number {
  if (block.type === 'text') return Buffer.byteLength(block.text);
  return Buffer.byteLength(block.type === 'other' ? block.json : block.data);
}

function firstBytes(text: string, bytes: number): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}

/** What our own servers say beyond MCP, under `_meta`. */
export interface OwnMeta {
  proctor?: Partial<Pick<ToolResult, 'errorClass' | 'captureCut'>>;
}

/** Text as a tool's answer. */
export const textResult = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

/** A tool error that the agent is shown. */
export const errorResult = (
  text: string,
  errorClass: NonNullable<ToolResult['errorClass']> = 'tool',
): CallToolResult => ({
  ...textResult(text),
  isError: true,
  _meta: { proctor: { errorClass } satisfies OwnMeta['proctor'] },
});
