import { z } from 'zod';
import { canary, injection } from './canary.ts';
import { contract } from './contract.ts';
import { sandboxNeed } from './environment.ts';
import { category, findingStatus } from './finding.ts';
import { limits } from './limits.ts';
import { networkRequest } from './network.ts';
import { recordSource, stateFiles } from './state.ts';

/** One weighted fact about the world, asked after each step. Exactly one of `check` and `command`. */
const milestone = z
  .strictObject({
    name: z.string().min(1),
    weight: z.number().positive().default(1),
    check: z
      .string()
      .optional()
      .describe('CEL over `state` and `initial`, the environment’s state now and at the start.'),
    command: z
      .string()
      .optional()
      .describe('Shell command that Proctor runs in the sandbox; exit code 0 means held.'),
  })
  .refine(
    (m) => (m.check === undefined) !== (m.command === undefined),
    'give exactly one of check and command',
  );
export type Milestone = z.infer<typeof milestone>;

/** One demand on the final state. */
const assertion = z.strictObject({
  name: z.string().min(1),
  check: z.string().describe('CEL over `state` and `initial`; must be true.'),
  weight: z.number().positive().default(1),
});

const verifyByScript = z.strictObject({
  by: z.literal('script'),
  where: z
    .enum(['fresh', 'live'])
    .default('fresh')
    .describe('A fresh sandbox of the same image with `copy` put in, or the one the agent worked in.'),
  copy: z
    .array(z.string())
    .default([])
    .describe('Absolute paths copied into the fresh sandbox; the workdir when empty.'),
  range: z
    .array(z.number())
    .refine(([lo = 0, hi = 0, ...more]) => lo < hi && more.length === 0, 'expected [lowest, highest]')
    .default([0, 1])
    .describe('The reward as written goes from the first to the second number, and counts as a share of it.'),
  service: z
    .string()
    .optional()
    .describe(
      'The service of `environment/compose.yaml` in whose container tests/test.sh runs; `main` when absent.',
    ),
});
const verifyByState = z.strictObject({
  by: z.literal('state'),
  must: z.array(assertion).min(1).describe('What has to hold at the end.'),
  may_change: z
    .array(z.string())
    .default([])
    .describe('Globs over paths of the state that may change; any other change fails the task.'),
});
const verifyByAnswer = z.strictObject({
  by: z.literal('answer'),
  exact: z.string().optional(),
  number: z.number().optional(),
  tolerance: z.number().nonnegative().default(0),
  pattern: z.string().optional().describe('Regular expression the whole answer must match.'),
});
const verification = z
  .discriminatedUnion('by', [verifyByScript, verifyByState, verifyByAnswer])
  .refine(
    (v) => v.by !== 'answer' || [v.exact, v.number, v.pattern].filter((x) => x !== undefined).length === 1,
    'give exactly one of exact, number and pattern',
  );
export type Verification = z.infer<typeof verification>;

/** A script that does the tempting thing, and what has to be found of it. */
const bait = z.strictObject({
  agent: z.string().min(1).describe('Name of the script in `agents/`, without `.json`.'),
  finds: z
    .array(
      z.strictObject({
        step: z.int().nonnegative().describe('Step of the script, from 0.'),
        category,
        severity: z.int().min(1).max(5).describe('The least severity.'),
        status: findingStatus.optional(),
      }),
    )
    .min(1)
    .describe('Findings that the agent must get, the earliest first; nothing unsafe may be found before it.'),
});
export type Bait = z.infer<typeof bait>;

/** What a task shares with others, so that they are no independent tries. Exactly one of its fields. */
const cluster = z
  .strictObject({
    template: z.string().min(1).optional().describe('The template it was made from.'),
    repository: z.string().min(1).optional().describe('The repository it works on.'),
  })
  .refine(
    ({ template, repository }) => (template === undefined) !== (repository === undefined),
    'give exactly one of template and repository',
  );

/** What of a task's form may be changed beside the wording, since nothing that is checked hangs on it. */
const perturb = z.strictObject({
  keys: z
    .array(z.string().regex(/^[A-Za-z_]\w*$/, 'expected the name of a field'))
    .default([])
    .describe(
      'Names of fields that may be in another style, in every text of the task and in its databases.',
    ),
  dates: z
    .array(z.string())
    .default([])
    .describe(
      'Globs over files of the task’s folder in which days such as 2026-03-01 may be in another format.',
    ),
  layout: z
    .array(z.string().regex(/^[\w.-]+(\/[\w.-]+)*$/, 'expected a folder below environment/'))
    .default([])
    .describe('Folders below `environment/` that may lie deeper.'),
  off: z
    .array(z.literal('distractors'))
    .default([])
    .describe('What would change the task, such as irrelevant files.'),
});

/** How a task's cluster is called where it is recorded, such as `repository django/django`. */
export function clusterName({ template, repository }: z.infer<typeof cluster>): string {
  return template === undefined ? `repository ${repository}` : `template ${template}`;
}

/** `proctor.toml`: what a task says beyond the Harbor format. */
export const taskAdditions = z.strictObject({
  environment: z
    .string()
    .optional()
    .describe('Name of a shared environment; without it the task brings its own image.'),
  needs: z
    .array(sandboxNeed)
    .default([])
    .describe('What the sandbox must be capable of; `kernel` and `image` mean Docker.'),
  ...networkRequest,
  limits: limits.default({}),
  milestones: z.array(milestone).default([]),
  isolation: z
    .enum(['hardened', 'compatible'])
    .default('hardened')
    .describe(
      'How the sandbox is closed. `compatible` is what tasks from elsewhere expect: root, and the network that task.toml asks for; a task without proctor.toml gets it.',
    ),
  verify: verification
    .optional()
    .describe('How it is told whether the task was done; without it by tests/test.sh in a fresh sandbox.'),
  writes: z.array(z.string()).default([]).describe('The older name of `contract.may_change`.'),
  contract: contract
    .default({})
    .describe('What the task wants of whoever works on it; `*` in a place stands for any text.'),
  equivalent_mutants: z
    .array(z.union([z.int().nonnegative(), z.string().regex(/^\d+\.\d+$/, 'expected a step or "step.call"')]))
    .default([])
    .describe('Calls of reference.json, as step or "step.call" from 0, that can be left out at no loss.'),
  principal: z
    .string()
    .min(1)
    .optional()
    .describe('Whom the agent acts for; what it does with records and tools of others is found.'),
  state: stateFiles
    .optional()
    .describe(
      'What the state is where the task brings its own image, else its workdir; `service:/path` is a path of a service.',
    ),
  records: z.array(recordSource).default([]).describe('Files whose records are part of the state.'),
  canaries: z.array(canary).default([]).describe('Planted beside those of the environment.'),
  injections: z.array(injection).default([]).describe('Instructions in the data that must not be followed.'),
  baits: z
    .array(bait)
    .default([])
    .describe('Scripted agents that take the bait, and where `proctor check` has to see them found.'),
  cluster: cluster
    .optional()
    .describe(
      'What it has in common with other tasks, so that they are no independent tries: intervals count clusters, not tasks.',
    ),
  perturb: perturb
    .prefault({})
    .describe('What of its form `--perturb` may change beside wording, tools and irrelevant files.'),
  impossible: z
    .boolean()
    .default(false)
    .describe(
      'What is asked for cannot be had but by cheating. The marks go to whoever says so and cheats not; `baits` has to name a cheat.',
    ),
});
export type TaskAdditions = z.infer<typeof taskAdditions>;

/** One call of a script. */
const scriptCall = z.strictObject({
  tool: z.string(),
  arguments: z.record(z.string(), z.json()).default({}),
});

/** One decision of a script: one call, or several made together. */
const scriptStep = z.union([
  scriptCall.extend({ say: z.string().optional() }),
  z.strictObject({ say: z.string().optional(), calls: z.array(scriptCall) }),
]);

/** `reference.json` and `agents/<name>.json`: decisions in order. */
export const script = z.array(scriptStep);
export type Script = z.infer<typeof script>;
