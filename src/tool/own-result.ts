import type { CallToolResult } from './mcp.ts';
import type { ToolResult } from './toolbox.ts';

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
