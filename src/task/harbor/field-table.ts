import { join } from 'node:path';
import { displayPath } from '../../schema/author-file.ts';
import type { HarborTask } from '../../schema/harbor-task.ts';
import type { Task } from '../task.ts';
import { type FieldHandling, honoured, type Section, under, warned } from './field.ts';
import {
  agentFields,
  artifactFields,
  collectFields,
  environmentFields,
  healthcheckFields,
  mcpServerFields,
  taskFields,
  verifierFields,
} from './field-section.ts';
import { networkMode } from './field-value.ts';

const environment: Section = {
  ...environmentFields,
  ...under('mcp_servers[].', mcpServerFields),
  ...under('healthcheck.', healthcheckFields),
};

/** One warning for a server is enough, so it is on its name. */
const unused: Section = {
  ...Object.fromEntries(
    Object.keys(mcpServerFields).map((name) => [name, honoured('a verifier has no tools')]),
  ),
  name: warned('a verifier has no tools'),
};

const verifierEnvironment: Section = {
  ...environmentFields,
  docker_image: honoured('owns /tests/test.sh; else tests/Dockerfile is built'),
  skills_dir: warned('a verifier has no agent'),
  ...under('mcp_servers[].', unused),
  ...under('healthcheck.', healthcheckFields),
};

const sharedNetwork: FieldHandling['objection'] = (value, task) =>
  task.verifier.environment_mode === 'separate' ||
  task.verifier.environment ||
  value === networkMode(task.agent, task.environment)
    ? undefined
    : 'a shared verifier has the network of the agent’s sandbox';

const verifier: Section = {
  ...verifierFields,
  network_mode: honoured('of a separate verifier; a shared one has the agent’s', sharedNetwork),
  ...under('environment.', verifierEnvironment),
  ...under('collect[].', collectFields),
};

const oneSandbox = (value: unknown, first: unknown) =>
  value === first ? undefined : 'all phases share a sandbox, which has the first one’s';

const steps: Section = {
  name: honoured('names the phase and its folder in steps/'),
  min_reward: honoured('where it is not met, the phases after it are left out and give nothing'),
  ...under('agent.', {
    ...agentFields,
    user: warned('all phases share a sandbox, which has the task’s', (value, task) =>
      oneSandbox(value, task.agent.user),
    ),
    network_mode: warned('all phases share a sandbox, which has the task’s', (value, task) =>
      oneSandbox(value, networkMode(task.agent, task.environment)),
    ),
    allowed_hosts: warned('all phases share a sandbox, which has the task’s'),
  }),
  ...under('verifier.', verifier),
  ...under('healthcheck.', healthcheckFields),
  artifacts: honoured('paths that are kept when the phase is over, beside the task’s'),
  ...under('artifacts[].', artifactFields),
};

/** Every field of `task.toml`, by its path, and what becomes of it here. */
export const harborFields: Readonly<Section> = {
  schema_version: honoured('read as 1.4', (value) => laterVersion(value)),
  version: honoured('the older schema_version', (value) => laterVersion(value)),
  source: honoured('says where it is from'),
  multi_step_reward_strategy: honoured('the mean over the phases, or the last one’s'),
  artifacts: honoured('paths that are kept when the agent has finished'),
  ...under('artifacts[].', artifactFields),
  'metadata.difficulty': honoured('shown'),
  'metadata.category': honoured('says what it is'),
  'metadata.tags': honoured('what `--tag` looks for'),
  ...under('task.', taskFields),
  ...under('agent.', agentFields),
  ...under('verifier.', verifier),
  'solution.env': honoured('variables of solution/solve.sh'),
  ...under('environment.', environment),
  ...under('steps[].', steps),
};

function laterVersion(value: unknown): string | undefined {
  const [major, minor] = String(value).split('.').map(Number);
  const known = (major ?? 0) < 1 || (major === 1 && (minor ?? 0) <= 4);
  return known ? undefined : `is newer than 1.4, which it is read as; got "${value}"`;
}

/** One line for each field or file of a task that is not honoured as it stands. */
export function warningsOf({
  dir,
  harbor,
  leftOut = [],
}: Pick<Task, 'dir' | 'harbor' | 'leftOut'>): string[] {
  const file = displayPath(join(dir, 'task.toml'));
  const unheeded = objections(harbor)
    .filter(({ handling }) => handling !== 'refused')
    .map(({ path, why }) => `${file}: ${path}: ${why}`);
  return [...leftOut, ...unheeded];
}

/** Why a task is refused, one line for each field. */
export function refusals(harbor: HarborTask): string[] {
  return objections(harbor)
    .filter(({ handling }) => handling === 'refused')
    .map(({ path, why }) => `${path}: ${why}`);
}

/** What of a task cannot be honoured, by field: `refused` fields refuse the task. */
export function objections(
  task: HarborTask,
): { path: string; handling: FieldHandling['handling']; why: string }[] {
  return valuesOf(task, '', '').flatMap(({ path, field, value }) => {
    const entry = harborFields[field];
    if (!entry) return [];
    const { handling, what, objection } = entry;
    const why = objection ? objection(value, task) : handling === 'warned' ? what : undefined;
    return why === undefined ? [] : [{ path, handling, why }];
  });
}

interface FieldValue {
  /** With the indices of lists. */
  path: string;
  /** As the table has it. */
  field: string;
  value: unknown;
}

/** Every field that says something, down to those of the table. */
function valuesOf(value: unknown, path: string, field: string): FieldValue[] {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return [];
  const here = field in harborFields ? [{ path, field, value }] : [];
  if (Array.isArray(value)) {
    return [...here, ...value.flatMap((item, index) => valuesOf(item, `${path}[${index}]`, `${field}[]`))];
  }
  if (typeof value !== 'object') return here;
  const dot = field === '' ? '' : '.';
  return [
    ...here,
    ...Object.entries(value).flatMap(([key, inner]) =>
      valuesOf(inner, `${path}${dot}${key}`, `${field}${dot}${key}`),
    ),
  ];
}
