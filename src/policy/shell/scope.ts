import type { FunctionBody } from './ast.ts';

/** What a variable holds: several values for an array. */
export interface Variable {
  values: string[];
  known: boolean;
}

/** What is known of a shell at one point of a text. */
export interface ShellScope {
  variables: Map<string, Variable>;
  /** `$1` and on; undefined where they are not known. */
  positional: string[] | undefined;
  functions: Map<string, FunctionBody>;
  /** Files whose whole content this text wrote. */
  files: Map<string, string>;
  /** Absolute, or `~…`; empty where not known. */
  cwd: string;
}

export function newScope(): ShellScope {
  const variables = new Map([
    ['HOME', { values: ['~'], known: true }],
    ['IFS', { values: [' '], known: true }],
  ]);
  return { variables, positional: undefined, functions: new Map(), files: new Map(), cwd: '' };
}

/** A subshell's scope: its variables and folder do not come back, the files it writes do. */
export function subshellScope(scope: ShellScope): ShellScope {
  return { ...scope, variables: new Map(scope.variables), functions: new Map(scope.functions) };
}
