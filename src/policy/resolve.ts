import { ProctorError } from '../errors.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { Policy, PolicyAdditions, PolicyRule } from '../schema/policy.ts';

/** Where the rules of a trial come from, the most general first. */
export interface PolicyParts {
  defaults: readonly PolicyRule[];
  environment: PolicyAdditions;
  task: PolicyAdditions;
}

/** Joins the rules of a trial. An environment's `off` takes defaults away, a task's also the environment's. */
export function resolvePolicy(parts: PolicyParts, writes?: readonly string[]): Policy {
  const environment = extend([...parts.defaults], parts.environment, "the environment's policy");
  const rules = extend(environment, parts.task, "the task's policy");
  return { rules, ...(writes && { writes: [...writes] }) };
}

function extend(inherited: PolicyRule[], { rules, off }: PolicyAdditions, where: string): PolicyRule[] {
  const ids = inherited.map((rule) => rule.id);
  for (const id of off) {
    if (!ids.includes(id)) throw unknownId(id, ids, where);
  }
  const joined = inherited.filter((rule) => !off.includes(rule.id));
  for (const rule of rules) {
    if (joined.some(({ id }) => id === rule.id)) throw takenId(rule.id, where);
    joined.push(rule);
  }
  return joined;
}

function unknownId(id: string, ids: string[], where: string): ProctorError {
  return new ProctorError(
    'bad-file',
    `${where}: off names "${id}", expected the id of an inherited rule${didYouMean(id, ids)}`,
  );
}

function takenId(id: string, where: string): ProctorError {
  return new ProctorError(
    'bad-file',
    `${where}: rule "${id}" is there already, expected an id of its own (or the inherited one in off)`,
  );
}

/** A policy with rules of the same id replaced, others added, and those in `off` taken away. */
export function amendPolicy({ rules, ...rest }: Policy, changed: PolicyAdditions): Policy {
  const gone = new Set([...changed.off, ...changed.rules.map(({ id }) => id)]);
  return { ...rest, rules: [...rules.filter(({ id }) => !gone.has(id)), ...changed.rules] };
}
