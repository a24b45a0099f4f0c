import { submitTool } from '../schema/builtin-tool.ts';
import type { Agent } from './agent.ts';

/** Submits at once, without an answer. Shows what a task gives for doing nothing. */
export function nopAgent(): Agent {
  return {
    id: 'nop',
    open: async () => ({
      decide: async () => ({ calls: [{ tool: submitTool, arguments: {} }] }),
      close: async () => {},
    }),
  };
}
