import { builtinTools } from '../schema/builtin-tool.ts';
import type { JsonObject } from '../schema/json.ts';
import { fileTouched, shellText } from './known-tool.ts';
import type { ShellCommand } from './shell/command.ts';
import { parseShell } from './shell/parse.ts';
import { resolvePath } from './shell/path.ts';

/** What commands do, as far as their text tells. */
export interface CommandFacts {
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

/** What a call would do, as far as its arguments tell. */
export interface CallFacts extends CommandFacts {
  /** The built-in tool that it is a call of, by whichever name: that one's rules hold for it. */
  like?: string;
  /** Its shell text, where the tool is a shell. */
  shell?: string;
}

export function callFacts(tool: string, args: JsonObject): CallFacts {
  const shell = shellText(tool, args);
  if (shell !== undefined) return { ...factsOf(parseShell(shell)), like: builtinTools.bash, shell };
  const facts: CallFacts = factsOf([]);
  const touched = fileTouched(tool, args);
  if (!touched) return facts;
  facts[touched.does].push(resolvePath(touched.path, ''));
  return { ...facts, like: builtinTools.edit };
}

/** What these commands would do together. */
export function factsOf(commands: ShellCommand[]): CommandFacts {
  return {
    commands,
    reads: commands.flatMap((c) => c.reads),
    writes: commands.flatMap((c) => c.writes),
    deletes: commands.flatMap((c) => c.deletes),
    hosts: commands.flatMap((c) => c.hosts),
  };
}
