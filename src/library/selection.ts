import type { Agent } from '../agent/agent.ts';
import type { TaskSetup } from '../check/checked-trial.ts';
import { needsOf, sandboxSpec } from '../environment/sandbox-spec.ts';
import { ProctorError } from '../errors.ts';
import { checkAgents } from '../orchestrator/run.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import type { Run } from '../schema/run.ts';
import type { ToldOfMistakes } from '../task/find.ts';
import { warningsOf } from '../task/harbor/field-table.ts';
import type { Task } from '../task/task.ts';
import { trialIds } from '../trace/run-file.ts';
import { asksForInstances, derivedSeed, type InstanceFlags, instancesOf } from './instance.ts';
import { listOf } from './list.ts';
import { Mistakes } from './mistake.ts';
import { chooseProvider, type SandboxChoice } from './provider.ts';
import { setupOf } from './target.ts';
import { type ImageFlags, tasksOf } from './task.ts';

/** Flags of every command that sets tasks up. */
interface SetupFlags extends ImageFlags {
  sandbox: SandboxChoice | SandboxProvider;
  runtime?: string;
  environments: string[];
  tasks: string[];
}

/** Where tasks, environments and sandboxes are found; all have defaults. */
export interface SetupOptions extends Partial<ImageFlags> {
  /** `auto` when absent: Docker where an engine answers, else the embedded one. Whoever brings a provider leaves closing it to the run. */
  sandbox?: SandboxChoice | SandboxProvider;
  /** Runtime of the Docker engine. */
  runtime?: string;
  /** Other folders of environments. */
  environments?: string | readonly string[];
  /** Other folders of suites. */
  tasks?: string | readonly string[];
}

/** The same with the defaults filled in. */
export function setupFlags({ sandbox, runtime, environments, tasks, imageMap, withPytest }: SetupOptions) {
  return {
    sandbox: sandbox ?? 'auto',
    environments: listOf(environments),
    tasks: listOf(tasks),
    imageMap: imageMap ?? {},
    ...(runtime !== undefined && { runtime }),
    ...(withPytest !== undefined && { withPytest }),
  } satisfies SetupFlags;
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
  keepsThreads?: boolean;
  /** No image is pulled or built. */
  dryRun?: boolean;
  runId: string;
  say(line: string): void;
}

/** What a command line selects: the trials to run, and where. */
export interface Selection extends Omit<RunSetup, 'setups'> {
  trials: TrialSpec[];
}

interface SelectionFlags extends SetupFlags, RunSetupFlags, InstanceFlags {
  paths: string[];
  agents: Agent[];
  attempts: number;
  tag: string[];
  limit?: number;
  /** Of the run; the seeds of instances follow from it. */
  seed: string;
}

/** Finds tasks, their environments and a provider, and lists what is skipped and why. Throws `not-found` where no task is left. */
export async function selectTrials(flags: SelectionFlags): Promise<Selection> {
  const mistakes = new Mistakes();
  const found = tasksOf(flags.paths, flags, mistakes.tell);
  mistakes.requireSome(found, flags.say);
  const tagged =
    flags.tag.length === 0 ? found : found.filter((task) => task.tags.some((tag) => flags.tag.includes(tag)));
  if (tagged.length === 0)
    throw new ProctorError(
      'not-found',
      `no task has the tag ${flags.tag.join(' or ')}; there is ${tagsOf(found)}`,
    );
  const limited = tagged.slice(0, flags.limit);
  const tasks = asksForInstances(flags)
    ? await instancesOf(limited, flags, { seedOf: derivedSeed(flags.seed), mistakes, say: flags.say })
    : limited;
  mistakes.requireSome(tasks, flags.say);
  const setups = tasks.flatMap((task) => setupOf(task, flags.environments, mistakes.tell));
  mistakes.requireSome(setups, flags.say);
  const casts: Cast[] = [];
  for (const agent of flags.agents)
    casts.push({ agent, can: new Set(await tasksFor(agent, setups, mistakes.tell)) });
  const { setups: usable, ...where } = await setUpTasks(setups, flags);
  mistakes.sayAll(flags.say);
  const { seated, unseated } = seatsOf(usable, casts, where.provider);
  return {
    ...where,
    skipped: [...mistakes.skipped, ...where.skipped, ...unseated],
    trials: trialsOf(usable, seated, flags.attempts),
  };
}

/** Leaves out the tasks in whose sandbox an agent can't work that works inside of it. Throws `unsupported` where that is all there is. */
function seatsOf(setups: TaskSetup[], casts: readonly Cast[], provider: SandboxProvider) {
  const unseated: Run['skipped'] = [];
  const seated = casts.map(({ agent, can }): Cast => {
    if (!agent.inside) return { agent, can };
    const fits = setups.filter((setup) => {
      const problem = whyNotInside(setup, provider);
      if (can.has(setup) && problem !== undefined)
        unseated.push({ task: setup.task.name, reason: `${agent.id}: ${problem}` });
      return can.has(setup) && problem === undefined;
    });
    return { agent, can: new Set(fits) };
  });
  const [first] = unseated;
  if (first && seated.every(({ can }) => can.size === 0))
    throw new ProctorError('unsupported', `${first.task}: ${first.reason}`);
  return { seated, unseated };
}

/** Why no program can work in the sandbox of a task that asks a model. */
function whyNotInside({ task, environment }: TaskSetup, { name, capabilities }: SandboxProvider) {
  if (!sandboxSpec(task, environment, { run: 'none', trial: 'none' }))
    return `the environment ${environment.name} has no sandbox that it could work in`;
  return capabilities.has('listen')
    ? undefined
    : `it needs a sandbox in which it can reach its model, which ${name} lacks; expected --sandbox docker`;
}

/** An agent with the tasks that it can do. */
interface Cast {
  agent: Agent;
  can: ReadonlySet<TaskSetup>;
}

/** The tasks that an agent has something for; the others are told of. Throws where there is none, or the agent itself can't begin. */
async function tasksFor(agent: Agent, setups: TaskSetup[], mistaken: ToldOfMistakes): Promise<TaskSetup[]> {
  const check = (some: TaskSetup[]) => checkAgents(some.map(({ task }) => ({ agent, task })));
  try {
    await check(setups);
    return setups;
  } catch (error) {
    if (setups.length < 2 || !isOfTask(error)) throw error;
    const can: TaskSetup[] = [];
    const cannot: [string, ProctorError][] = [];
    for (const setup of setups) {
      const problem = await check([setup]).catch((one: unknown) => one);
      if (problem === undefined) can.push(setup);
      else if (isOfTask(problem)) cannot.push([setup.task.name, problem]);
      else throw problem;
    }
    if (can.length === 0) throw error;
    for (const [task, problem] of cannot) mistaken(task, problem);
    return can;
  }
}

const isOfTask = (error: unknown): error is ProctorError =>
  error instanceof ProctorError && ['not-found', 'bad-file'].includes(error.code);

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

/** With `auto`, Docker where an engine answers, unless tasks can do without and no image can be had; one whose image can't be had fails alone. */
async function providerFor(
  setups: TaskSetup[],
  flags: RunSetupFlags,
): Promise<{ provider: SandboxProvider; note: string }> {
  const chosen = await chooseProvider(flags.sandbox, flags);
  const needsImage = ({ task, environment }: TaskSetup) => needsOf(task, environment).includes('image');
  const settled = flags.sandbox !== 'auto' || flags.dryRun || setups.every(needsImage);
  if (settled || chosen.provider.name !== 'docker') {
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
  if (!failure) return { provider: chosen.provider, note: `docker (${chosen.why})` };
  await chosen.provider.close();
  flags.say(`${failure.message}; going on with the embedded sandbox`);
  const { provider } = await chooseProvider('embedded', flags);
  return { provider, note: 'embedded (an engine answers, but no image can be had)' };
}

/** Attempts first go round all tasks and agents, so that an interrupted run has something of each. */
function trialsOf(setups: TaskSetup[], casts: readonly Cast[], attempts: number): TrialSpec[] {
  const nextId = trialIds();
  return Array.from({ length: attempts }, (_, index) =>
    setups.flatMap((setup) =>
      casts.flatMap(({ agent, can }) =>
        can.has(setup) ? [{ ...setup, agent, attempt: index + 1, trial: nextId() }] : [],
      ),
    ),
  ).flat();
}

const tagsOf = (tasks: Task[]) => [...new Set(tasks.flatMap((task) => task.tags))].sort().join(', ');
