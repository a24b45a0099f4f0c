import type { ToolDescription } from '../../schema/view.ts';

/** A tool's name as Chat Completions allows it: at most 64 letters, digits, `_` and `-`. */
export function wireName(tool: string): string {
  return tool.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64);
}

/** The tool a model means; a name that no tool has stays as it is. */
export function toolNamed(name: string, tools: readonly ToolDescription[]): string {
  return tools.find((tool) => wireName(tool.name) === name)?.name ?? name;
}
