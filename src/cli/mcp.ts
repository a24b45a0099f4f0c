import { ProctorError } from '../errors.ts';
import type { ModelOptions } from '../library/model-options.ts';
import type { SandboxChoice } from '../library/provider.ts';
import { serveRecords } from '../mcp/server.ts';
import { chooseRuns } from '../viewer/library.ts';

interface McpFlags extends ModelOptions {
  out: string;
  allowReplay?: boolean;
  maxForks?: number;
  maxCost?: number;
  agent: string[];
  sandbox?: SandboxChoice;
  tasks: string[];
  environments: string[];
}

/** `proctor mcp`: serves recorded runs to a coding agent over MCP, on standard input and output. */
export async function serveOverMcp(folder: string | undefined, flags: McpFlags): Promise<void> {
  const {
    allowReplay = false,
    maxForks,
    maxCost,
    agent: agents,
    sandbox,
    tasks,
    environments,
    ...model
  } = flags;
  const budget = maxForks !== undefined || maxCost !== undefined || agents.length > 0;
  if (budget && !(allowReplay && maxForks !== undefined))
    throw new ProctorError('bad-flag', 'forks are allowed by --allow-replay and --max-forks together');
  const { library } = chooseRuns(folder, flags.out);
  if (!allowReplay) return serveRecords(library);
  return serveRecords(library, {
    ...{ out: flags.out, tasks, environments, agents, model },
    ...(maxForks !== undefined && { maxForks }),
    ...(maxCost !== undefined && { maxCost }),
    ...(sandbox && { sandbox }),
  });
}
