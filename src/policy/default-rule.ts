import { fileURLToPath } from 'node:url';
import type { PolicyRule } from '../schema/policy.ts';
import { readPolicyFile } from '../schema/policy-file.ts';

/** The files of `default/`, in the order in which their rules are judged. */
const files = [
  'destructive',
  'repository',
  'secret',
  'egress',
  'privilege',
  'persistence',
  'tampering',
  'escape',
  'resource',
  'conduct',
  'claim',
];

/**
 * The rules every trial starts with. They look at the built-in shell and file tools, and at others that by their
 * names are the same; what any other tool does is declared of it.
 */
export const defaultRules: PolicyRule[] = files.flatMap(
  (name) => readPolicyFile(fileURLToPath(new URL(`default/${name}.toml`, import.meta.url))).rules,
);
