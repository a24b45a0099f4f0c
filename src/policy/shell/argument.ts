import type { JsonObject } from '../../schema/json.ts';

/** Tools that take shell text, ours and those of other harnesses, and the arguments that may hold it. */
const shellTools: Record<string, string[]> = {
  bash: ['command', 'cmd'],
  execute_bash: ['command'],
  run_shell_command: ['command'],
  shell: ['command', 'cmd'],
  terminal: ['command'],
};

/** Names of every tool that takes shell text. */
export const shellToolNames: readonly string[] = Object.keys(shellTools);

/** The shell text of a call; undefined where the tool is no shell or the text is missing. */
export function shellArgument(tool: string, args: JsonObject): string | undefined {
  const names = Object.hasOwn(shellTools, tool) ? (shellTools[tool] ?? []) : [];
  return names.map((name) => args[name]).find((text) => typeof text === 'string');
}
