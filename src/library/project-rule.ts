import { defaultRules } from '../policy/default-rule.ts';
import { runExamples } from '../policy/example.ts';
import { badFile, displayPath } from '../schema/author-file.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { PolicyAdditions } from '../schema/policy.ts';
import { readPolicyFile } from '../schema/policy-file.ts';

/** The rules of a project's policy files. Throws `bad-file` where one does not compile, contradicts its own examples, or is there twice. */
export function rulesIn(files: readonly string[]): PolicyAdditions {
  const all: PolicyAdditions = { rules: [], off: [] };
  const known = defaultRules.map(({ id }) => id);
  for (const file of files) {
    const { rules, off } = readPolicyFile(file);
    const unknown = off.find((id) => !known.includes(id));
    if (unknown !== undefined)
      throw badFile(
        file,
        `off names "${unknown}", expected the id of a default rule${didYouMean(unknown, known)}`,
      );
    for (const rule of rules) {
      if (all.rules.some(({ id }) => id === rule.id)) throw badFile(file, `rule "${rule.id}" is there twice`);
      all.rules.push(rule);
    }
    const [failed] = runExamples({ rules }, displayPath(file));
    if (failed)
      throw badFile(
        file,
        `rule "${failed.rule}": expected ${failed.expected} for ${JSON.stringify(failed.example.arguments)} of ${failed.example.tool}, got ${failed.got}`,
      );
    all.off.push(...off);
  }
  return all;
}
