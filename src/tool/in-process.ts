import { ProctorError } from '../errors.ts';
import type { JsonObject } from '../schema/json.ts';
import { type CallToolResult, serve, type Tool, type Transport } from './mcp.ts';

/** A tool that is served by this process. A `ProctorError` it throws is thrown by the toolbox as well. */
export interface InProcessTool {
  name: string;
  description: string;
  inputSchema: JsonObject;
  annotations?: Tool['annotations'];
  call(args: JsonObject, options: { signal: AbortSignal; timeoutMs: number }): Promise<CallToolResult>;
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
        return await tool.call(args, { signal, timeoutMs });
      } catch (error) {
        if (error instanceof ProctorError) throw Object.assign(error, { data: { proctor: error.code } });
        throw error;
      }
    },
  });
}
