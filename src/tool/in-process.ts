import { ProctorError } from '../errors.ts';
import type { Content } from '../schema/content.ts';
import type { JsonObject } from '../schema/json.ts';
import { type CallToolResult, serve, type Tool, type Transport } from './mcp.ts';
import type { ToolResult } from './toolbox.ts';

/** What a tool of this process gives. */
export type ToolOutput = Pick<ToolResult, 'content'> &
  Partial<Pick<ToolResult, 'structured' | 'isError' | 'errorClass' | 'captureCut'>>;

/** A tool that runs in this process. A `ProctorError` it throws is thrown by the toolbox as well. */
export interface InProcessTool {
  name: string;
  description: string;
  inputSchema: JsonObject;
  annotations?: Tool['annotations'];
  call(args: JsonObject, options: { signal: AbortSignal; timeoutMs: number }): Promise<ToolOutput>;
}

/** What our own servers say beyond MCP, under `_meta`. */
export interface OwnMeta {
  proctor?: Pick<ToolOutput, 'errorClass' | 'captureCut'>;
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
        return wireResult(await tool.call(structuredClone(args), { signal, timeoutMs }));
      } catch (error) {
        if (error instanceof ProctorError) throw Object.assign(error, { data: { proctor: error.code } });
        throw error;
      }
    },
  });
}

/** A tool's output as MCP has it. */
export function wireResult({
  content,
  structured,
  isError,
  errorClass,
  captureCut,
}: ToolOutput): CallToolResult {
  const proctor = { ...(errorClass && { errorClass }), ...(captureCut && { captureCut }) };
  return {
    content: content.map(wireContent),
    ...(structured && { structuredContent: structured }),
    ...(isError && { isError }),
    ...(Object.keys(proctor).length > 0 && { _meta: { proctor } }),
  };
}

function wireContent(block: Content): CallToolResult['content'][number] {
  return block.type === 'other' ? JSON.parse(block.json) : block;
}

/** Text as a tool's answer. */
export const textOutput = (text: string): ToolOutput => ({ content: [{ type: 'text', text }] });

/** A tool error that the agent is shown. */
export const errorOutput = (text: string, errorClass: ToolResult['errorClass'] = 'tool'): ToolOutput => ({
  content: [{ type: 'text', text }],
  isError: true,
  ...(errorClass && { errorClass }),
});
