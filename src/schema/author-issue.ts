import type { z } from 'zod';
import { knownKeys } from './known-keys.ts';
import { didYouMean } from './nearest.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with an author's data, on one line: the key path, and what was expected there. */
export function issueLine(schema: z.ZodType, data: unknown, error: z.ZodError): string {
  const issues = flatten(error.issues, []).sort((a, b) => rank(a) - rank(b));
  const [first] = issues;
  if (!first) return 'is not valid';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${describe(schema, data, first)}${more}`;
}

// A misspelt key also makes the right one missing: the misspelling says more.
function rank(issue: Issue): number {
  return issue.code === 'unrecognized_keys' ? 0 : 1;
}

function flatten(issues: readonly Issue[], prefix: PropertyKey[]): Issue[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path }];
    return flatten(closestBranch(issue.errors), path);
  });
}

function closestBranch(errors: readonly (readonly Issue[])[]): readonly Issue[] {
  const shallow = (issues: readonly Issue[]) => issues.filter((issue) => issue.path.length <= 1).length;
  return errors.toSorted((a, b) => shallow(a) - shallow(b) || a.length - b.length)[0] ?? [];
}

function describe(schema: z.ZodType, data: unknown, issue: Issue): string {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = knownKeys(schema, data, issue.path);
    const hint = didYouMean(key, known) || (known.length > 0 ? `; known keys are ${known.join(', ')}` : '');
    return `${keyPath([...issue.path, key])}: unknown key${hint}`;
  }
  const where = issue.path.length > 0 ? `${keyPath(issue.path)}: ` : '';
  return `${where}${expectation(issue)}`;
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type' && /received undefined$/.test(issue.message)) {
    return `missing; expected ${issue.expected}`;
  }
  return issue.message.replace(/^Invalid (input|option): |^Invalid discriminator value\. /, '');
}

function keyPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
