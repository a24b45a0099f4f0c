import { bareTask } from '../check/check-environments.ts';
import type { Environment } from '../environment/environment.ts';
import { toolboxOpener } from '../run-trials.ts';
import type { ImageProgram } from '../sandbox/sandbox.ts';
import type { ListedTool } from '../schema/trace-event.ts';
import { newRunId } from '../trace/run-file.ts';
import { withInteractiveTrial } from './interactive-trial.ts';
import { openLog, serverLog } from './log.ts';
import { chooseProvider } from './provider.ts';

/** What servers say of themselves. */
interface ServerFacts {
  tools: readonly ListedTool[];
  /** How they are to be used, in their own words. */
  instructions: readonly string[];
}

/** What the image of an environment starts by itself. */
export async function programOf(
  { image }: Environment,
  flags: { runtime?: string; say(line: string): void },
): Promise<ImageProgram> {
  const { provider } = await chooseProvider('docker', { ...flags, runId: newRunId(new Date()), poolSize: 0 });
  try {
    return (image && (await provider.programOf?.(image, flags.say))) ?? { argv: [] };
  } finally {
    await provider.close();
  }
}

/** Opens an environment, asks its servers for their tools and closes it. Throws what opening throws. */
export async function listTools(
  environment: Environment,
  flags: { runtime?: string; say(line: string): void },
): Promise<ServerFacts> {
  const run = newRunId(new Date());
  const setup = { task: bareTask(environment), environment };
  const { provider } = await chooseProvider(environment.image ? 'docker' : 'embedded', {
    ...flags,
    runId: run,
    poolSize: 0,
  });
  const instructions: string[] = [];
  const open = toolboxOpener(serverLog(openLog(undefined)));
  const openToolbox: typeof open = (trial) =>
    open({
      ...trial,
      notify({ method, params }) {
        if (method === 'proctor/instructions') instructions.push(String(params));
      },
    });
  return withInteractiveTrial(
    setup,
    { run, trial: 'new', provider, openToolbox, say: flags.say },
    (trial) => ({
      tools: trial.tools().filter(({ placement }) => placement !== 'builtin'),
      instructions,
    }),
  );
}
