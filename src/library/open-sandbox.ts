import type { TaskSetup } from '../check/checked-trial.ts';
import { type InteractiveTrial, openInteractiveTrial } from '../check/interactive-trial.ts';
import { sandboxSpec } from '../environment/sandbox-spec.ts';
import { ProctorError } from '../errors.ts';
import type { OpenToolbox } from '../orchestrator/plan.ts';
import { toolboxOpener } from '../run-trials.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import { newRunId } from '../trace/run-file.ts';
import type { Followed } from './followed.ts';
import { type SetupOptions, setUpTasks, setupFlags } from './selection.ts';
import { findTargets } from './target.ts';

export interface OpenOptions extends SetupOptions, Pick<Followed, 'signal' | 'say' | 'onServerMessage'> {}

/** A fresh sandbox with its tools, as an agent would find it; nothing is recorded. */
export interface OpenedSandbox extends InteractiveTrial, AsyncDisposable {
  /** Name of the task that was set up, or of the environment. */
  name: string;
  environment: string;
  /** Where it runs, and why there. */
  sandbox: string;
}

/**
 * Opens an environment, or a task's, by folder or name: `await using` closes it. Throws `not-found`, `bad-file`, `unsupported` where
 * no provider has what it needs, and what opening a sandbox or a tool server throws, leaving nothing open.
 */
export async function openSandbox(target: string, options: OpenOptions = {}): Promise<OpenedSandbox> {
  const { say = () => {}, signal = new AbortController().signal, onServerMessage } = options;
  const run = newRunId(new Date());
  const { setup, provider, sandbox } = await setUpOne(target, options, { run });
  const trial = await openSetup(setup, {
    ...{ run, trial: 'open', provider, openToolbox: toolboxOpener(onServerMessage), signal, say },
  });
  return { ...trial, name: setup.task.name, environment: setup.environment.name, sandbox };
}

/** One task, or one environment with a task that asks for nothing, and where it can be opened. */
export async function setUpOne(
  target: string,
  options: OpenOptions,
  { run, task = false }: { run: string; task?: boolean },
): Promise<{ setup: TaskSetup; provider: SandboxProvider; sandbox: string }> {
  const flags = setupFlags(options);
  const setup = oneOf(target, findTargets([target], flags), task);
  const { say = () => {} } = options;
  const place = await setUpTasks([setup], { ...flags, poolSize: 0, runId: run, say });
  const [skipped] = place.skipped;
  if (!skipped) return { setup, provider: place.provider, sandbox: place.sandboxNote };
  await place.provider.close();
  throw new ProctorError('unsupported', `${skipped.task}: ${skipped.reason}`);
}

function oneOf(target: string, { tasks, environments }: ReturnType<typeof findTargets>, task: boolean) {
  const [setup] = task || environments.length === 0 ? tasks : environments;
  if (!setup)
    throw new ProctorError('bad-flag', `--as-agent: expected a task, and ${target} is an environment`);
  if (tasks.length > 1 && tasks.includes(setup))
    throw new ProctorError('bad-flag', `${target}: expected one task, and there are ${tasks.length}`);
  return setup;
}

interface OpenParts {
  run: string;
  /** What its sandbox is labelled with as its trial. */
  trial: string;
  provider: SandboxProvider;
  openToolbox: OpenToolbox;
  signal: AbortSignal;
  say(line: string): void;
}

/** Opens a task in its environment; closing it closes the provider too. Throws what opening throws, leaving nothing open. */
export async function openSetup(
  setup: TaskSetup,
  { run, trial, provider, openToolbox, signal, say }: OpenParts,
): Promise<InteractiveTrial & AsyncDisposable> {
  try {
    const spec = sandboxSpec(setup.task, setup.environment, { run, trial });
    if (spec) await provider.prepare(spec, say);
    const opened = await openInteractiveTrial(setup, { run, provider, openToolbox, signal });
    const close = async () => {
      await opened.close();
      await provider.close();
    };
    return { ...opened, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await provider.close();
    throw error;
  }
}
