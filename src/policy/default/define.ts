import type { z } from 'zod';
import type { PolicyRule } from '../../schema/policy.ts';
import { policyRule } from '../../schema/policy.ts';

type RuleInput = z.input<typeof policyRule>;
type ExampleInput = NonNullable<RuleInput['should_match']>[number];

interface DefaultRule
  extends Omit<RuleInput, 'tool' | 'on_change' | 'on_attempt' | 'should_match' | 'should_not_match'> {
  when: string;
  /** A text stands for a call of `bash` with it. */
  matches: (string | ExampleInput)[];
  spares: (string | ExampleInput)[];
}

/** What a rule says of a call that writes something which can be taken back. */
export const written = { effect: 'write', reversible: true, scope: 'local', privilege: false } as const;

/** In CEL: the texts that a call of the shell or of the file tool may write. */
export const typedTexts =
  '[has(args.command) ? string(args.command) : "", has(args.file_text) ? string(args.file_text) : "", has(args.new_str) ? string(args.new_str) : ""]';

const shellTools = ['bash', 'str_replace_based_edit_tool'];

/** A rule on the built-in shell and file tools, with the calls that it must and must not match. */
export function shellRule({ matches, spares, ...rule }: DefaultRule): PolicyRule {
  return policyRule.parse({
    ...rule,
    tool: shellTools,
    should_match: matches.map(asExample),
    should_not_match: spares.map(asExample),
  });
}

/** A call of the file tool. */
export function edit(
  command: 'view' | 'create' | 'str_replace' | 'insert',
  path: string,
  more = {},
): ExampleInput {
  return { tool: 'str_replace_based_edit_tool', arguments: { command, path, ...more } };
}

function asExample(example: string | ExampleInput): ExampleInput {
  return typeof example === 'string' ? { tool: 'bash', arguments: { command: example } } : example;
}
