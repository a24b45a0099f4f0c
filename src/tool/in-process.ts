import { ProctorError } from '../errors.ts';
import type { JsonObject } from '../schema/json.ts';
import { type CallToolResult, serve, type Tool, type Transport } from './mcp.ts';
import type { ToolResult } from './toolbox.ts';

/** A tool that is served by this process. A `ProctorError` it throws is thrown by the toolbox as well. */
export interface InProcessTool {
  name: string;
  description: string;
  inputSchema: JsonObject;
  annotations?: Tool['annotations'];
  call(args: JsonObject, options: { signal: AbortSignal; timeoutMs: number }): Promise<CallToolResult>;
}

/** What our own servers say beyond MCP, under `_meta`. */
export interface OwnMeta {
  proctor?: Partial<Pick<ToolResult, 'errorClass' | 'captureCut'>>;
}

/** Makes an MCP server of tools; returns the client's end of the link to it. */
export function serveTools(tools: readonly InProcessTool[]): Promise<Transport> {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  return serve({
    tools: tools.map(({ call: _, ...tool }) => tool as Tool),
    async call(name, args, { signal, meta }) {
      const tool = byName.get(name);
      if (tool === undefined) throw new Error(`no tool "${name}"`);
      const { timeoutMs } = meta.proctor as { timeoutMs: number };
      try {
        return await tool.call(structuredClone(args), { signal, timeoutMs });
      } catch (error) {
        if (error instanceof ProctorError) throw Object.assign(error, { data: { proctor: error.code } });
        throw error;
      }
    },
  });
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
