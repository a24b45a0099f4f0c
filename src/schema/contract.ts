import { z } from 'zod';
import { isPattern } from './pattern.ts';

const statePlace = `/[^#]*(#[^/#]*(/[^/#]*(/[^#]*)?)?)?`;
const toolPlace = String.raw`tool:[^#\s]+(#[^#\s]+)?`;

const place = z
  .string()
  .regex(
    new RegExp(`^${statePlace}$`),
    'expected an absolute path or a JSON pointer, and for records #table[/key[/field]]',
  );
/** A place of the state, or `tool:NAME`, which may name an argument after `#`. */
const source = z
  .string()
  .regex(
    new RegExp(`^(${statePlace}|${toolPlace})$`),
    'expected an absolute path or a JSON pointer, for records #table[/key[/field]], or tool:NAME[#argument]',
  );

const places = (what: string) => z.array(place).optional().describe(what);
const sources = (what: string) => z.array(source).optional().describe(what);

const pattern = z.string().refine(isPattern, 'expected a regular expression');

/** Something that happens in a trial. Exactly one of its fields. */
const happening = z
  .strictObject({
    reads: place.optional().describe('A file of the state that is read.'),
    changes: place.optional().describe('A place of the state that changes.'),
    calls: z.string().min(1).optional().describe('A tool that is called.'),
    said: pattern.optional().describe('Regular expression that a message of the user matches.'),
    when: z.string().optional().describe('CEL over a call, as in a rule.'),
  })
  .refine(
    (one) => Object.values(one).filter((value) => value !== undefined).length === 1,
    'give exactly one of reads, changes, calls, said and when',
  );
export type Happening = z.infer<typeof happening>;

const message = z.strictObject({
  to: z.string().min(1).describe('Who may be written to; `*` stands for any text.'),
  most: z.int().nonnegative().optional().describe('How often at most; no limit when absent.'),
});

const disclosure = z.strictObject({
  what: place.describe('Where the values stand that not everybody may be shown.'),
  to: z.array(z.string()).describe('Who may be; `user` is who reads the answer and the files that are left.'),
});
export type Disclosure = z.infer<typeof disclosure>;

const amount = z.strictObject({
  at: source.describe('Where the amounts stand: fields of records, or an argument of a tool.'),
  most: z.number().describe('What they may come to together.'),
});

const count = (what: string) => z.number().nonnegative().optional().describe(what);

/** At most, over the whole trial. */
const budget = z.strictObject({
  records: count('Records that are created, changed or deleted.'),
  files: count('Files that are created, changed or deleted.'),
  bytes: count('Bytes by which files grow.'),
  messages: count('Messages, one for each recipient.'),
  calls: count('Calls of tools, `submit` left out.'),
  amounts: z.array(amount).optional().describe('Sums of new values.'),
});
export type Budget = z.infer<typeof budget>;

const order = z.strictObject({
  first: happening.describe('What must have come back without an error …'),
  before: happening.describe('… before this happens.'),
  message: z
    .string()
    .min(1)
    .optional()
    .describe('What is kept by that order, as the finding says it; else that something came before it.'),
});
export type Order = z.infer<typeof order>;

const testRun = z.strictObject({
  command: z
    .string()
    .min(1)
    .describe('Command that exits with 0 where the tests pass; it runs in the workdir.'),
  paths: z
    .array(z.string().regex(/^\/[^#]*$/, 'expected a glob of absolute paths'))
    .min(1)
    .describe('Globs of the tests, and of what they are run with.'),
  timeout_seconds: z.number().positive().default(300).describe('What one run may take.'),
});
export type TestRun = z.infer<typeof testRun>;

/** `[contract]`: what a task wants of whoever works on it, down to single records. */
export const contract = z.strictObject({
  may_change: places('What may change; any other change is out of scope.'),
  must_change: places('What is not as it was at the end, where the task is done.'),
  protected: places('What stays as it is, whatever else allows it.'),
  may_lose: places('Where content may be gone for good.'),
  untrusted: sources('Where text of others stands: data, never an order.'),
  outbox: sources(
    'Where messages to others go. A place with a field, or an argument after `tool:NAME#`, names who they go to; else the usual fields do.',
  ),
  messages: z
    .array(message)
    .optional()
    .describe('Who may be written to, everybody else not; nobody when empty.'),
  disclose: z.array(disclosure).optional().describe('What may be shown to whom.'),
  budget: budget.optional().describe('What may be used up at most.'),
  order: z.array(order).optional().describe('What has to happen before what.'),
  tests: testRun
    .optional()
    .describe('Tests that are run as they were given over the work that was left, where they were changed.'),
});
export type Contract = z.infer<typeof contract>;

/** The parts of a contract, by name. */
const contractParts = Object.keys(contract.shape) as (keyof Contract)[];

/** A contract that says what all of some say: of a budget's figures and of tests the last one's counts, lists are joined. */
export function mergeContracts(contracts: readonly (Contract | undefined)[]): Contract {
  const said = contracts.filter((one) => one !== undefined);
  const merged: Record<string, unknown> = {};
  for (const part of contractParts) {
    const values = said.map((one) => one[part]).filter((one) => one !== undefined);
    if (values.length > 0)
      merged[part] =
        part === 'budget'
          ? mergeBudgets(values as Budget[])
          : part === 'tests'
            ? values.at(-1)
            : values.flat();
  }
  return merged as Contract;
}

/** Every place of the state and every tool that a contract names, each with its key. */
export function placesIn(contract: Contract): [key: string, place: string][] {
  const { budget, disclose = [], order = [], tests } = contract;
  const listed = (
    ['may_change', 'must_change', 'protected', 'may_lose', 'untrusted', 'outbox'] as const
  ).flatMap((part) => (contract[part] ?? []).map((one, index) => [`${part}[${index}]`, one] as const));
  const ordered = order.flatMap(({ first, before }, index) =>
    Object.entries({ first, before }).flatMap(([side, { reads, changes }]) =>
      Object.entries({ reads, changes }).map(
        ([kind, one]) => [`order[${index}].${side}.${kind}`, one] as const,
      ),
    ),
  );
  return [
    ...listed,
    ...disclose.map(({ what }, index) => [`disclose[${index}].what`, what] as const),
    ...(budget?.amounts ?? []).map(({ at }, index) => [`budget.amounts[${index}].at`, at] as const),
    ...ordered,
    ...(tests?.paths ?? []).map((one, index) => [`tests.paths[${index}]`, one] as const),
  ].flatMap(([key, one]): [string, string][] => (one === undefined ? [] : [[`contract.${key}`, one]]));
}

function mergeBudgets(budgets: readonly Budget[]): Budget {
  const amounts = budgets.flatMap((one) => one.amounts ?? []);
  return { ...Object.assign({}, ...budgets), ...(amounts.length > 0 && { amounts }) };
}
