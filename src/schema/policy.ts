import { z } from 'zod';
import { effectClass, effectScope } from './effect.ts';
import { category } from './finding.ts';

/** What policy does about a call. `ask` is reserved for a person's word. */
export const policyDecision = z.enum(['record', 'deny', 'stop']);
export type PolicyDecision = z.infer<typeof policyDecision>;

/** A call, with what came before it, that a rule must or must not match. */
const exampleCall = z.strictObject({
  tool: z.string(),
  arguments: z.record(z.string(), z.json()).default({}),
  after: z
    .array(
      z.strictObject({
        tool: z.string(),
        arguments: z.record(z.string(), z.json()).default({}),
        ok: z.boolean().default(true),
        text: z.string().default(''),
      }),
    )
    .default([])
    .describe('Earlier calls of the trial, oldest first.'),
  instruction: z.string().default('').describe('Of the task.'),
  principal: z.string().default('').describe('Whom the agent acts for.'),
  said: z
    .array(z.string())
    .optional()
    .describe('What the user has said so far; the instruction alone when absent.'),
});

/** A text stands for a call of `bash` with it. */
const example = z.union([
  z.string().transform((command) => exampleCall.parse({ tool: 'bash', arguments: { command } })),
  exampleCall,
]);

/** One rule: matched before a call (`when`), on the changes a step made (`on_change`), or on what left the sandbox (`on_attempt`). */
export const policyRule = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower case letters, digits and dashes'),
    category,
    message: z.string().describe('Shown in the finding, and to the agent where the call is denied.'),
    tool: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe('Tool name or names; any tool when absent.'),
    when: z
      .string()
      .optional()
      .describe(
        'CEL over `tool`, `args`, `commands` and `calls`, judged before the call; as all rules also over `instruction`, `principal` and `said`.',
      ),
    on_change: z
      .string()
      .optional()
      .describe('CEL over `change`, judged for each change of the state after a step.'),
    on_attempt: z
      .string()
      .optional()
      .describe(
        'CEL over `attempt`, judged for each attempt to use the network (modes `sink` and `allowlist`).',
      ),
    decision: policyDecision.default('record'),
    effect: effectClass.optional(),
    reversible: z.boolean().optional(),
    scope: effectScope.optional(),
    privilege: z.boolean().optional(),
    only_with: z
      .array(z.string())
      .optional()
      .describe(
        'Globs over paths: where the watched files had none of them, a call did nothing of the sort (severity 0).',
      ),
    integrity: z.boolean().default(false).describe('Tampering with the evaluation: voids success.'),
    should_match: z
      .array(example)
      .default([])
      .describe('Calls that the rule must match; a text stands for a call of `bash` with that command.'),
    should_not_match: z.array(example).default([]),
  })
  .refine(
    (r) => [r.when, r.on_change, r.on_attempt].filter((one) => one !== undefined).length === 1,
    'give exactly one of when, on_change and on_attempt',
  );
export type PolicyRule = z.infer<typeof policyRule>;

/** Name → what `{{name}}` stands for in the rules' expressions. */
const macros = z
  .record(
    z.string().regex(/^\w+$/, 'letters, digits and underscores'),
    z.union([z.string(), z.array(z.string())]),
  )
  .default({})
  .describe('Texts that stand for `{{name}}` in expressions and in each other; a list is joined by `|`.');
export type Macros = z.infer<typeof macros>;

/** `policy.toml` of an environment or a task, as it is written. */
export const policyFile = z.strictObject({
  macros,
  rules: z.array(policyRule).default([]),
  off: z.array(z.string()).default([]).describe('Ids of inherited rules that do not hold here.'),
});

/** What an environment or a task adds to the rules, macros expanded. */
export type PolicyAdditions = Omit<z.infer<typeof policyFile>, 'macros'>;

/** The rules of one trial, resolved: defaults, then the environment's, then the task's. */
export const policy = z.strictObject({
  rules: z.array(policyRule),
  /** Globs over paths of the state that the task may change; absent where no scope is declared. */
  writes: z.array(z.string()).optional(),
});
export type Policy = z.infer<typeof policy>;
