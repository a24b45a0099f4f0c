import type { Agent } from '../agent/agent.ts';
import { messagesTarget } from '../agent/anthropic/anthropic.ts';
import type { DialectName } from '../agent/dialect/dialect.ts';
import { liveSource } from '../agent/dialect/live.ts';
import { type AgentFolder, loadAgentFolder } from '../agent/inside/agent-folder.ts';
import { type InsideOptions, insideAgent } from '../agent/inside/inside.ts';
import type { AskOptions } from '../agent/model/ask.ts';
import { checkKey } from '../agent/model/check-key.ts';
import { plainExchange } from '../agent/model/exchange.ts';
import type { Prices } from '../agent/model/price.ts';
import type { Target } from '../agent/model/target.ts';
import { modelEndpoint } from '../agent/openai/model-endpoint.ts';
import type { ProgramSettings } from '../agent/program-arguments.ts';
import { ProctorError } from '../errors.ts';

/** What such agents share with all others of a run. */
interface InsideSettings extends Pick<AskOptions, 'gates' | 'overflow'> {
  headers: Record<string, string>;
  prices: Prices;
  patienceMs: number;
  programs: Pick<ProgramSettings, 'folder'>;
  insideModel?: string;
}

/** `mini`, or `mini@gpt-4.1`; anything else is a command line. */
const named = /^([a-z0-9][a-z0-9_-]*)(?:@(\S+))?$/;

/** The agent that `inside:` names, with the model it says, or else that of `--model` or `PROCTOR_MODEL`. Throws `bad-flag` or `not-found`. */
export function makeInside(argument: string, settings: InsideSettings): Agent {
  const [, name, own] = named.exec(argument) ?? [];
  const model = own ?? settings.insideModel ?? process.env.PROCTOR_MODEL;
  const folder = name === undefined ? undefined : loadAgentFolder(name, settings.programs.folder);
  if (!model)
    throw new ProctorError(
      'bad-flag',
      `agent 'inside:${argument}': which model is it to ask? expected --model`,
    );
  const id = `inside:${name === undefined ? argument : `${name}@${model}`}`;
  return insideAgent({ id, model, ...programOf(folder, argument), ...asking(id, model, folder, settings) });
}

type Program = 'command' | 'variables' | 'files' | 'effects' | 'helpers' | 'memoryMb' | 'layer' | 'digest';

function programOf(folder: AgentFolder | undefined, command: string): Pick<InsideOptions, Program> {
  if (!folder) return { command, variables: {}, files: {}, effects: {}, helpers: [], memoryMb: 0 };
  const { variables, files, tools: effects, helpers, memory_mb: memoryMb, layer, digest } = folder;
  return {
    command: folder.command,
    variables,
    files,
    effects,
    helpers,
    memoryMb,
    digest,
    ...(layer !== undefined && { layer }),
  };
}

function asking(id: string, model: string, folder: AgentFolder | undefined, settings: InsideSettings) {
  const { headers } = settings;
  const targetOf = (dialect: DialectName): Target => {
    if (dialect !== 'messages') return modelEndpoint(id, { headers });
    const target = messagesTarget(id, { headers });
    return { ...target, baseUrl: `${target.baseUrl.replace(/\/+$/, '')}/v1` };
  };
  const { prices, patienceMs } = settings;
  return {
    prices,
    patienceMs,
    source: () => liveSource(id, { ...settings, model, targetOf }),
    check: () => checkTarget(id, targetOf(folder?.apis[0] ?? 'chat')),
  };
}

const checkMs = 20_000;

/** Throws `model-refused-key` or `model-unavailable`, so that no sandbox is opened in vain. */
const checkTarget = (id: string, target: Target): Promise<void> =>
  checkKey(id, target.baseUrl, () =>
    plainExchange(target.query, (fetch) => {
      const headers = { 'x-api-key': target.apiKey, 'anthropic-version': '2023-06-01', ...target.headers };
      const url = `${target.baseUrl.replace(/\/+$/, '')}/models`;
      return fetch(url, { headers, signal: AbortSignal.timeout(checkMs) });
    }),
  );
