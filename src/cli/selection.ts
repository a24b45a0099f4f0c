import type { Agent } from '../agent/agent.ts';
import type { TaskSetup } from '../check/checked-trial.ts';
import { environmentOf } from '../environment/environment-of-task.ts';
import { needsOf, sandboxSpec } from '../environment/sandbox-spec.ts';
import { ProctorError } from '../errors.ts';
import { checkAgents } from '../orchestrator/run.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import type { RunRequest } from '../run-trials.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import type { Run } from '../schema/run.ts';
import { warningsOf } from '../task/harbor/field-table.ts';
import type { Task } from '../task/task.ts';
import { newRunId, trialIds } from '../trace/run-file.ts';
import { makeAgent, modelSettings } from './agent.ts';
import { chooseProvider, type SandboxChoice } from './provider.ts';
import { type ImageFlags, tasksOf } from './task.ts';

/** Flags of every command that sets tasks up. */
export interface SetupFlags extends ImageFlags {
  sandbox: SandboxChoice;
  runtime?: string;
  environments: string[];
  tasks: string[];
  log?: string;
}

/** Where trials take place: the tasks that can be run there, and why others cannot. */
export interface RunSetup {
  setups: TaskSetup[];
  skipped: Run['skipped'];
  provider: SandboxProvider;
  /** Where the sandboxes run and why, in words. */
  sandboxNote: string;
}

interface RunSetupFlags extends Pick<SetupFlags, 'sandbox' | 'runtime'> {
  poolSize: number;
  runId: string;
  say(line: string): void;
}

/** What a command line selects: the trials to run, and where. */
export interface Selection extends Omit<RunSetup, 'setups'> {
  trials: TrialSpec[];
}

interface SelectionFlags extends SetupFlags, RunSetupFlags {
  paths: string[];
  agents: Agent[];
  attempts: number;
  tag: string[];
  limit?: number;
}

/** Finds tasks, their environments and a provider, and lists what is skipped and why. Throws `not-found` where no task is left. */
export async function selectTrials(flags: SelectionFlags): Promise<Selection> {
  const mistakes: { task: string; error: ProctorError }[] = [];
  const found = tasksOf(flags.paths, flags, (task, error) => mistakes.push({ task, error }));
  if (found.length === 0 && mistakes[0]) throw mistakes[0].error;
  const tagged =
    flags.tag.length === 0 ? found : found.filter((task) => task.tags.some((tag) => flags.tag.includes(tag)));
  if (tagged.length === 0)
    throw new ProctorError(
      'not-found',
      `no task has the tag ${flags.tag.join(' or ')}; there is ${tagsOf(found)}`,
    );
  const setups = tagged
    .slice(0, flags.limit)
    .map((task) => ({ task, environment: environmentOf(task, { roots: flags.environments }) }));
  await checkAgents(flags.agents.flatMap((agent) => setups.map(({ task }) => ({ agent, task }))));
  const { setups: usable, ...where } = await setUpTasks(setups, flags);
  const unread = mistakes.map(({ task, error }) => ({ task, reason: error.message }));
  for (const { task, reason } of unread) flags.say(`${task} is skipped: ${reason}`);
  return { ...where, skipped: [...unread, ...where.skipped], trials: trialsOf(usable, flags) };
}

/** What a program asks for; only `paths` and `agents` have no default. */
export interface LibrarySelection
  extends Partial<Omit<SelectionFlags, 'paths' | 'agents' | 'runId' | 'tag' | 'log'>> {
  /** Tasks and suites, by folder or name. */
  paths: string[];
  /** Agents, or their ids, such as `oracle` or `openai:gpt-4.1`. */
  agents: readonly (Agent | string)[];
  /** Only tasks with one of these. */
  tags?: string[];
}

/**
 * Finds what a run needs: tasks with their environments, agents, and a place for sandboxes. The result is handed to `runTrials` as it is.
 * Throws `not-found`, `bad-file`, `bad-flag` for an agent's id, or `engine-unreachable`.
 */
export async function selectForRun(
  selection: LibrarySelection,
): Promise<Pick<RunRequest, 'run' | 'trials' | 'skipped' | 'provider'>> {
  const { agents, tags = [], ...given } = selection;
  const run = newRunId(new Date());
  const settings = modelSettings({});
  const { trials, skipped, provider } = await selectTrials({
    ...{ attempts: 1, sandbox: 'auto', environments: [], tasks: [], imageMap: {}, poolSize: 0 },
    say: () => {},
    ...given,
    tag: tags,
    agents: agents.map((agent) => (typeof agent === 'string' ? makeAgent(agent, settings) : agent)),
    runId: run,
  });
  return { run, trials, skipped, provider };
}

/** Picks a provider for these tasks, says what of them is not honoured, and leaves out those that need what it lacks. */
export async function setUpTasks(setups: TaskSetup[], flags: RunSetupFlags): Promise<RunSetup> {
  for (const line of setups.flatMap(({ task }) => warningsOf(task))) flags.say(line);
  const { provider, note } = await providerFor(setups, flags);
  const skipped: Run['skipped'] = [];
  const usable = setups.filter(({ task, environment }) => {
    const lacks = needsOf(task, environment).filter((need) => !provider.capabilities.has(need));
    if (lacks.length > 0)
      skipped.push({ task: task.name, reason: `needs ${lacks.join(', ')}, which ${provider.name} lacks` });
    return lacks.length === 0;
  });
  return { setups: usable, skipped, provider, sandboxNote: note };
}

/** With `auto`, Docker where an engine answers, unless no image can be had and a task can do without; one whose image can't be had fails alone. */
async function providerFor(
  setups: TaskSetup[],
  flags: RunSetupFlags,
): Promise<{ provider: SandboxProvider; note: string }> {
  const chosen = await chooseProvider(flags.sandbox, flags);
  if (flags.sandbox !== 'auto' || chosen.provider.name !== 'docker') {
    return { provider: chosen.provider, note: `${chosen.provider.name} (${chosen.why})` };
  }
  let failure: ProctorError | undefined;
  for (const { task, environment } of setups) {
    const spec = sandboxSpec(task, environment, { run: flags.runId, trial: 'prepare' });
    try {
      if (!spec) continue;
      await chosen.provider.prepare(spec, flags.say);
      return { provider: chosen.provider, note: `docker (${chosen.why})` };
    } catch (error) {
      if (!(error instanceof ProctorError) || !/^(image-|bad-file)/.test(error.code)) throw error;
      failure = error;
    }
  }
  const needsImage = ({ task, environment }: TaskSetup) => needsOf(task, environment).includes('image');
  if (!failure || setups.every(needsImage))
    return { provider: chosen.provider, note: `docker (${chosen.why})` };
  await chosen.provider.close();
  flags.say(`${failure.message}; going on with the embedded sandbox`);
  const { provider } = await chooseProvider('embedded', flags);
  return { provider, note: 'embedded (an engine answers, but no image can be had)' };
}

/** Attempts first go round all tasks and agents, so that an interrupted run has something of each. */
function trialsOf(setups: TaskSetup[], { attempts, agents }: SelectionFlags): TrialSpec[] {
  const nextId = trialIds();
  return Array.from({ length: attempts }, (_, index) =>
    setups.flatMap((setup) =>
      agents.map((agent) => ({ ...setup, agent, attempt: index + 1, trial: nextId() })),
    ),
  ).flat();
}

const tagsOf = (tasks: Task[]) => [...new Set(tasks.flatMap((task) => task.tags))].sort().join(', ');
