import { bareTask } from '../check/check-environments.ts';
import type { Environment } from '../environment/environment.ts';
import type { ImageProgram } from '../sandbox/sandbox.ts';
import type { ListedTool } from '../schema/trace-event.ts';
import { newRunId } from '../trace/run-id.ts';
import { inHandRoom } from './in-hand-room.ts';
import { openLog } from './log.ts';
import { chooseProvider } from './provider.ts';
import { toolboxOpener } from './toolbox.ts';

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
  const seat = { task: bareTask(environment), environment };
  const { provider } = await chooseProvider(environment.image ? 'docker' : 'embedded', {
    ...flags,
    runId: run,
    poolSize: 0,
  });
  const instructions: string[] = [];
  const open = toolboxOpener(openLog(undefined));
  const openToolbox: typeof open = (room) =>
    open({
      ...room,
      notify({ method, params }) {
        if (method === 'proctor/instructions') instructions.push(String(params));
      },
    });
  return inHandRoom(seat, { run, trial: 'new', provider, openToolbox, say: flags.say }, (room) => ({
    tools: room.tools().filter(({ placement }) => placement !== 'builtin'),
    instructions,
  }));
}
