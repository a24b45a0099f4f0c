import { join } from 'node:path';
import type { Environment } from '../environment/environment.ts';
import { compilePolicy } from '../policy/compile.ts';
import { runExamples } from '../policy/example.ts';
import { displayPath, readTextIfPresent } from '../schema/author-file.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { PolicyAdditions, PolicyRule } from '../schema/policy.ts';
import type { Task } from '../task/task.ts';
import type { CheckedTrial } from './checked-trial.ts';

/**
 * What is wrong with the rules of an author: examples that come out otherwise, and tools that are not there.
 * Throws `bad-file` with the line of a rule that does not compile.
 */
export function policyProblems(
  parts: Pick<Environment | Task, 'dir' | 'policy'>[],
  played: CheckedTrial[],
): string[] {
  const rules = parts.flatMap(({ dir, policy }) => placedRules(dir, policy));
  return [
    ...rules.flatMap(({ rule, where }) => exampleProblems(rule, where)),
    ...rules.flatMap(({ rule, where }) => toolProblems(rule, where, played)),
    ...failedRules(played),
  ];
}

interface PlacedRule {
  rule: PolicyRule;
  /** File and line. */
  where: string;
}

function placedRules(dir: string, { rules }: PolicyAdditions): PlacedRule[] {
  const file = join(dir, 'policy.toml');
  const lines = (readTextIfPresent(file) ?? '').split('\n');
  return rules.map((rule) => {
    const at = lines.findIndex((line) => new RegExp(`^\\s*id\\s*=\\s*["']${rule.id}["']`).test(line));
    return { rule, where: at < 0 ? displayPath(file) : `${displayPath(file)}:${at + 1}` };
  });
}

function exampleProblems(rule: PolicyRule, where: string): string[] {
  compilePolicy({ rules: [rule] }, where);
  return runExamples({ rules: [rule] }, where).map(({ example, expected, got }) => {
    const call = `${example.tool} ${JSON.stringify(example.arguments)}`;
    return `${where}: rule "${rule.id}": expected ${expected} for ${call}, got ${got}: fix the rule or its example`;
  });
}

function toolProblems(rule: PolicyRule, where: string, played: CheckedTrial[]): string[] {
  const names = played[0]?.trial.tools.map(({ name }) => name) ?? [];
  if (names.length === 0) return [];
  return [rule.tool ?? []]
    .flat()
    .filter((tool) => !names.includes(tool))
    .map((tool) => `${where}: rule "${rule.id}": there is no tool "${tool}"${didYouMean(tool, names)}`);
}

function failedRules(played: CheckedTrial[]): string[] {
  return played.flatMap(({ trial }) =>
    trial.steps.flatMap((step) =>
      step.calls.flatMap(({ judged, tool }) =>
        (judged?.failed ?? []).map(
          ({ rule, reason }) =>
            `rule "${rule}" cannot judge a call of ${tool}: ${reason}: fix its expression`,
        ),
      ),
    ),
  );
}
