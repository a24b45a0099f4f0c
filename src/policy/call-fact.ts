import type { JsonObject } from '../schema/json.ts';
import type { ShellCommand } from './shell/command.ts';
import { parseShell } from './shell/parse.ts';
import { resolvePath } from './shell/path.ts';

/** What a call would do, as far as its arguments tell. */
export interface CallFacts {
  commands: ShellCommand[];
  /** Paths whose content it reads. */
  reads: string[];
  /** Paths it creates or changes. */
  writes: string[];
  /** Paths it removes. */
  deletes: string[];
  /** Hosts other than this machine that it contacts. */
  hosts: string[];
}

export function callFacts(tool: string, args: JsonObject): CallFacts {
  const text = shellArgument(tool, args);
  if (text !== undefined) return factsOf(parseShell(text));
  const facts = factsOf([]);
  const { command, path } = args;
  if (tool === 'str_replace_based_edit_tool' && typeof path === 'string') {
    const paths = command === 'view' ? facts.reads : facts.writes;
    paths.push(resolvePath(path, ''));
  }
  return facts;
}

/** What these commands would do together. */
export function factsOf(commands: ShellCommand[]): CallFacts {
  return {
    commands,
    reads: commands.flatMap((c) => c.reads),
    writes: commands.flatMap((c) => c.writes),
    deletes: commands.flatMap((c) => c.deletes),
    hosts: commands.flatMap((c) => c.hosts),
  };
}

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

/** The shell text of a call; undefined where the tool is not a shell or the text is missing. */
export function shellArgument(tool: string, args: JsonObject): string | undefined {
  const names = Object.hasOwn(shellTools, tool) ? (shellTools[tool] ?? []) : [];
  return names.map((name) => args[name]).find((text) => typeof text === 'string');
}
