import { ProctorError } from '../errors.ts';
import type { Content } from '../schema/content.ts';
import type { JsonObject } from '../schema/json.ts';
import type { OwnMeta } from './in-process.ts';
import type { CallOutcome, CallToolResult } from './mcp.ts';
import type { OpenServer } from './server.ts';
import type { ToolResult } from './toolbox.ts';

export type UntimedResult = Omit<ToolResult, 'durationMs'>;

/** What a call means to the trial that is given what it came to. */
export interface CallContext {
  tool: string;
  server: OpenServer;
  timeoutMs: number;
  captureBytes: number;
  /** Whether the agent can run commands beside the server, and so may have killed it. */
  agentCanKill: boolean;
}

/** Says whose failure an answer is: the tool's becomes a result, the harness's is thrown. */
export function resultOf(answer: CallOutcome, context: CallContext): UntimedResult {
  const { tool, server, timeoutMs } = context;
  switch (answer.kind) {
    case 'result':
      return fromTool(answer.result, context);
    case 'timeout':
      return toolError(
        `"${tool}" did not answer within ${timeoutMs / 1000} s; the call was given up.`,
        'timeout',
      );
    case 'malformed':
      return toolError(
        `"${tool}" answered with something that is not a tool result: ${answer.message}`,
        'tool',
      );
    case 'aborted':
      throw new ProctorError('interrupted', `The call of "${tool}" was stopped.`);
    case 'error':
      return fromError(answer, server);
    case 'lost':
      return lost(answer.message, context);
  }
}

/** An error that the agent is shown, from the tool or, where no tool was reached, from the harness. */
export function toolError(
  text: string,
  errorClass: NonNullable<ToolResult['errorClass']>,
  source: ToolResult['source'] = 'tool',
): UntimedResult {
  return { content: [{ type: 'text', text }], isError: true, errorClass, source, captureCut: false };
}

const ours = ({ placement }: OpenServer) => placement === 'builtin' || placement === 'host';

function fromTool(result: CallToolResult, { server, captureBytes }: CallContext): UntimedResult {
  const own = ours(server) ? (result._meta as OwnMeta | undefined)?.proctor : undefined;
  const { content, cut } = capture(blocksOf(result), captureBytes);
  const isError = result.isError === true;
  return {
    content,
    ...(result.structuredContent && !cut && { structured: result.structuredContent as JsonObject }),
    isError,
    ...(isError && { errorClass: own?.errorClass ?? 'tool' }),
    source: 'tool',
    captureCut: cut || own?.captureCut === true,
  };
}

function fromError(answer: Extract<CallOutcome, { kind: 'error' }>, server: OpenServer): UntimedResult {
  const { proctor } = (answer.data ?? {}) as { proctor?: ProctorError['code'] | 'capture-cut' };
  if (proctor === 'capture-cut') return { ...toolError(answer.message, 'tool'), captureCut: true };
  if (proctor !== undefined && ours(server)) throw new ProctorError(proctor, answer.message);
  return toolError(answer.message, 'tool');
}

function lost(message: string, { tool, server, agentCanKill }: CallContext): UntimedResult {
  const why = server.whyGone?.() ?? message;
  if (server.placement === 'sandbox' && agentCanKill) {
    return toolError(
      `The server of "${tool}" is gone (${why}); its tools can no longer be used.`,
      'server-gone',
    );
  }
  throw new ProctorError('tool-server-failed', `Tool server "${server.name}" failed: ${why}`);
}

/** A server may leave its words out where it gives structured output; an agent reads that then. */
function blocksOf({ content, structuredContent }: CallToolResult): Content[] {
  if (content.length > 0 || structuredContent === undefined) return content.map(contentOf);
  return [{ type: 'text', text: JSON.stringify(structuredContent) }];
}

function contentOf(block: CallToolResult['content'][number]): Content {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'image':
    case 'audio':
      return { type: block.type, mimeType: block.mimeType, data: block.data };
    default:
      return { type: 'other', json: JSON.stringify(block) };
  }
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
