import type { Agent } from '../agent/agent.ts';
import { externalAgent } from '../agent/external/external.ts';
import { humanAgent } from '../agent/human.ts';
import { nopAgent } from '../agent/nop.ts';
import { openaiAgent } from '../agent/openai/openai.ts';
import { type OpenaiParameters, openaiParameters } from '../agent/openai/parameters.ts';
import { listPrices, type Prices, readPrices } from '../agent/openai/price.ts';
import { oracleAgent } from '../agent/oracle.ts';
import { parseAgentId } from '../agent/parse-agent.ts';
import { type RateGate, rateGate } from '../agent/rate-gate.ts';
import { scriptedAgent } from '../agent/scripted.ts';
import { ProctorError } from '../errors.ts';
import { serveHttp } from '../tool/serve-http.ts';
import { openPrompter } from './prompter.ts';

/** What all model agents of a run share. */
export interface ModelSettings {
  parameters: OpenaiParameters;
  prices: Prices;
  gate: RateGate;
}

/** What model agents are made with; `prices` is a file, in place of the list that ships. Throws `bad-file`. */
export function modelSettings(options: { parameters: OpenaiParameters; prices?: string }): ModelSettings {
  return {
    parameters: options.parameters,
    prices: options.prices ? readPrices(options.prices) : listPrices,
    gate: rateGate(),
  };
}

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
