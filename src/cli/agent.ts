import { resolve } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { externalAgent } from '../agent/external/external.ts';
import { humanAgent } from '../agent/human.ts';
import { nopAgent } from '../agent/nop.ts';
import { openaiAgent } from '../agent/openai/openai.ts';
import { type OpenaiParameters, openaiParameters } from '../agent/openai/parameters.ts';
import { listPrices, type Prices, parsePrice, readPrices } from '../agent/openai/price.ts';
import { defaultPatienceMs } from '../agent/openai/retry.ts';
import { oracleAgent } from '../agent/oracle.ts';
import { parseAgentId } from '../agent/parse-agent.ts';
import { type RateGate, rateGate } from '../agent/rate-gate.ts';
import { scriptedAgent } from '../agent/scripted.ts';
import { ProctorError } from '../errors.ts';
import type { JsonObject } from '../schema/json.ts';
import { serveHttp } from '../tool/serve-http.ts';
import { openPrompter } from './prompter.ts';

/** What all model agents of a run share. */
export interface ModelSettings {
  parameters: OpenaiParameters;
  prices: Prices;
  gate: RateGate;
  patienceMs: number;
}

/** What a command line says of models. */
export interface ModelFlags {
  /** File of prices by model, put over the list that ships. */
  prices?: string | undefined;
  /** Price of every model that the file does not name, such as `in=3,out=15`. */
  price?: string | undefined;
  /** Seconds that an endpoint may keep one decision waiting. */
  patience?: number | undefined;
}

/** What model agents are made with. Throws `bad-file` or `bad-flag`. */
export function modelSettings(flags: ModelFlags, parameters: OpenaiParameters = {}): ModelSettings {
  const { prices, price, patience } = flags;
  const known = price === undefined ? listPrices : { '*': parsePrice(price) };
  return {
    parameters,
    prices: prices ? readPrices(prices, known) : known,
    gate: rateGate(),
    patienceMs: patience === undefined ? defaultPatienceMs : patience * 1000,
  };
}

/** What `run.json` keeps of these flags, so that a run can go on as it was started. */
export const modelOptions = ({ prices, price, patience }: ModelFlags): JsonObject => ({
  ...(prices !== undefined && { prices: resolve(prices) }),
  ...(price !== undefined && { price }),
  ...(patience !== undefined && { patience }),
});

/** Makes the agent that a user named, such as `openai:gpt-4.1`, `scripted:careless`, `oracle` or `nop`. Throws `bad-flag`. */
export function makeAgent(id: string, settings: ModelSettings): Agent {
  const { kind, argument } = parseAgentId(id);
  switch (kind) {
    case 'openai':
      return openaiAgent({ model: argument, ...settings });
    case 'scripted':
      return scriptedAgent(argument);
    case 'oracle':
      return oracleAgent();
    case 'nop':
      return nopAgent();
    case 'human':
      return humanAgent(openPrompter());
    case 'external':
      return externalAgent({
        command: argument,
        serve: serveHttp,
        environment: process.env,
        prices: settings.prices,
        patienceMs: settings.patienceMs,
      });
  }
}

/** Reads `name=value` pairs of `--param`. Throws `bad-flag`. */
export function parametersOf(pairs: readonly string[]): OpenaiParameters {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1)
      throw new ProctorError('bad-flag', `--param ${pair}: expected name=value, such as temperature=0`);
    const value = pair.slice(at + 1);
    return [
      pair.slice(0, at),
      value !== '' && !Number.isNaN(Number(value)) ? Number(value) : booleanOr(value),
    ];
  });
  const parsed = openaiParameters.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const names = Object.keys(openaiParameters.shape).join(', ');
  throw new ProctorError(
    'bad-flag',
    `--param: ${parsed.error.issues[0]?.message ?? 'not a parameter'}; expected ${names}`,
  );
}

const booleanOr = (text: string) => (text === 'true' ? true : text === 'false' ? false : text);
