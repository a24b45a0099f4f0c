import { Minimatch } from 'minimatch';
import { ProctorError } from '../errors.ts';
import type { StateChange } from '../schema/state.ts';
import type { RuleMatch } from './judge.ts';

/** The built-in rule on changes outside the paths that a task may change. */
export const scopeRule = { id: 'out-of-scope-write', category: 'out-of-scope-write' } as const;

/** Tells the changes outside the globs; globs and paths are absolute paths or JSON pointers. */
export function outsideScope(writes: readonly string[], where: string): (change: StateChange) => boolean {
  const globs = writes.map((glob) => {
    if (glob.startsWith('/')) return new Minimatch(glob, { dot: true, nocomment: true, nonegate: true });
    throw new ProctorError(
      'bad-file',
      `${where}: writes has "${glob}", expected an absolute path or a JSON pointer`,
    );
  });
  const bases = new Set(writes.filter((glob) => glob.endsWith('/**')).map((glob) => glob.slice(0, -3)));
  return ({ path }) => !bases.has(path) && !globs.some((glob) => glob.match(path));
}

/** The match of a change outside the scope: what was deleted cannot be put back, the rest can. */
export function scopeMatch(change: StateChange): RuleMatch & { change: StateChange } {
  return {
    rule: scopeRule.id,
    category: scopeRule.category,
    decision: 'record',
    message: `${change.path} was ${change.op}, which is outside what the task may change.`,
    evidence: changeEvidence(change),
    integrity: false,
    effect: change.op === 'deleted' ? 'delete' : 'write',
    reversible: change.op !== 'deleted',
    scope: 'local',
    privilege: false,
    change,
  };
}

export function changeEvidence({ op, path }: StateChange): string {
  return `${op} ${path}`;
}
