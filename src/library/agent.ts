import { resolve } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { anthropicAgent } from '../agent/anthropic/anthropic.ts';
import { externalAgent } from '../agent/external/external.ts';
import { googleAgent } from '../agent/google/google.ts';
import { humanAgent } from '../agent/human.ts';
import type { MadeRequest } from '../agent/model/ask.ts';
import {
  headersOf,
  isSecretHeader,
  type ModelParameters,
  readModelConfig,
} from '../agent/model/parameters.ts';
import { listPrices, type Prices, parsePrice, readPrices } from '../agent/model/price.ts';
import { parseRate } from '../agent/model/rate.ts';
import { defaultPatienceMs } from '../agent/model/retry.ts';
import { moduleAgent } from '../agent/module/module.ts';
import { nopAgent } from '../agent/nop.ts';
import { openaiAgent } from '../agent/openai/openai.ts';
import { responsesAgent } from '../agent/openai/responses.ts';
import { oracleAgent } from '../agent/oracle.ts';
import { parseAgentId } from '../agent/parse-agent.ts';
import { type ProgramSettings, programSettings, recordedPairs } from '../agent/program-arguments.ts';
import { pythonAgent } from '../agent/python/python.ts';
import { scriptedAgent } from '../agent/scripted.ts';
import { escalateAgent } from '../agent/wrapper/escalate.ts';
import { type NamedWrapper, parseWrapper } from '../agent/wrapper/parse-wrapper.ts';
import { retryAgent } from '../agent/wrapper/retry.ts';
import { voteAgent } from '../agent/wrapper/vote.ts';
import { ProctorError } from '../errors.ts';
import { localRateGates } from '../queue/budget/local-rate-gate.ts';
import type { RateGates, RateLimits } from '../queue/budget/rate-gate.ts';
import { expandVariables } from '../schema/author-file.ts';
import type { JsonObject } from '../schema/json.ts';
import { serveHttp } from '../tool/serve-http.ts';
import { makeInside } from './inside.ts';
import { openPrompter } from './prompter.ts';

/** What all agents of a run share. */
export interface ModelSettings {
  parameters: ModelParameters;
  headers: Record<string, string>;
  overflow: RegExp[];
  prices: Prices;
  gates: RateGates;
  /** Told of each request that was made. */
  asked?: (made: MadeRequest) => void;
  patienceMs: number;
  programs: ProgramSettings;
  /** Which model agents ask that are programs inside of the sandbox, where their id does not say it. */
  insideModel?: string;
}

/** What a command line says of models, and of agents that are programs. */
export interface ModelFlags {
  /** `name=value` for agents that are modules or Python files. */
  agentArg?: string[] | undefined;
  /** What their paths are relative to, where that is not the working directory. */
  agentFolder?: string | undefined;
  /** The model of agents that are programs inside of the sandbox. */
  model?: string | undefined;
  /** File of prices by model, put over the list that ships. */
  prices?: string | undefined;
  /** Price of every model that the file does not name, such as `in=3,out=15`. */
  price?: string | undefined;
  /** What an endpoint may be asked for in a minute with one key, such as `tokens=60000,requests=500`. */
  rate?: string | undefined;
  /** Seconds that an endpoint may keep one decision waiting. */
  patience?: number | undefined;
  /** File of parameters, headers and what else an endpoint needs. */
  modelConfig?: string | undefined;
  /** `Name: value`, over those of the file. */
  header?: string[] | undefined;
}

/**
 * What model agents are made with. Throws `bad-file` or `bad-flag`.
 * @param gatesOf makes what keeps to the limits of endpoints; by default in this process
 */
export function modelSettings(
  flags: ModelFlags,
  parameters: ModelParameters = {},
  gatesOf: (limits: RateLimits) => RateGates = localRateGates,
): ModelSettings {
  const { prices, price, rate, patience, model, header = [] } = flags;
  const config = readModelConfig(flags.modelConfig);
  const headers = { ...config.headers, ...headersOf(header) };
  const known = price === undefined ? listPrices : { '*': parsePrice(price) };
  return {
    parameters: { ...config.parameters, ...config.extra_body, ...parameters },
    headers: expandVariables(headers, 'header'),
    overflow: config.context_overflow.map((text) => new RegExp(text, 'i')),
    prices: prices ? readPrices(prices, known) : known,
    gates: gatesOf(rate === undefined ? (config.rate ?? {}) : parseRate(rate)),
    patienceMs: patience === undefined ? defaultPatienceMs : patience * 1000,
    programs: programSettings(flags.agentArg ?? [], flags.agentFolder ?? process.cwd()),
    ...(model !== undefined && { insideModel: model }),
  };
}

/** What `run.json` keeps of these flags, so that a run can go on as it was started; a secret only as the variable that it is in. */
export const modelOptions = ({
  prices,
  price,
  rate,
  patience,
  modelConfig,
  header = [],
  agentArg = [],
  model,
}: ModelFlags): JsonObject => ({
  agentFolder: process.cwd(),
  ...(agentArg.length > 0 && { agentArg: recordedPairs(agentArg) }),
  ...(modelConfig !== undefined && { modelConfig: resolve(modelConfig) }),
  ...(header.length > 0 && { header: header.filter((one) => !isSecretHeader(one)) }),
  ...(prices !== undefined && { prices: resolve(prices) }),
  ...(price !== undefined && { price }),
  ...(rate !== undefined && { rate }),
  ...(patience !== undefined && { patience }),
  ...(model !== undefined && { model }),
});

/** Makes the agent that a user named, such as `openai:gpt-4.1`, `scripted:careless`, `oracle` or `nop`. Throws `bad-flag`. */
export function makeAgent(id: string, settings: ModelSettings): Agent {
  const named = parseWrapper(id);
  if (named) return wrap(named, (inner) => wrappable(inner, settings));
  const { kind, argument } = parseAgentId(id);
  switch (kind) {
    case 'module':
      return moduleAgent(argument, settings.programs);
    case 'py':
      return pythonAgent(argument, settings.programs);
    case 'openai':
      return openaiAgent({ model: argument, ...settings });
    case 'openai-responses':
      return responsesAgent({ model: argument, ...settings });
    case 'anthropic':
      return anthropicAgent({ model: argument, ...settings });
    case 'google':
      return googleAgent({ model: argument, ...settings });
    case 'scripted':
      return scriptedAgent(argument);
    case 'oracle':
      return oracleAgent();
    case 'nop':
      return nopAgent();
    case 'human':
      return humanAgent(openPrompter());
    case 'inside':
      return makeInside(argument, settings);
    case 'external':
      return externalAgent({
        command: argument,
        serve: serveHttp,
        environment: process.env,
        prices: settings.prices,
        headers: settings.headers,
        patienceMs: settings.patienceMs,
      });
  }
}

function wrap(named: NamedWrapper, make: (id: string) => Agent): Agent {
  switch (named.wrapper) {
    case 'retry':
      return retryAgent(named.count, make(named.agent));
    case 'vote':
      return voteAgent(named.count, make(named.agent));
    case 'escalate':
      return escalateAgent(make(named.first), make(named.second));
  }
}

/** Only agents that decide from the record can be asked twice, or in the middle of a trial. */
function wrappable(id: string, settings: ModelSettings): Agent {
  const kind = parseWrapper(id) ? undefined : parseAgentId(id).kind;
  if (kind === 'external' || kind === 'inside' || kind === 'human')
    throw new ProctorError(
      'bad-flag',
      `agent '${id}': '${kind}' can’t be wrapped; expected an agent that decides when it is asked`,
    );
  return makeAgent(id, settings);
}
