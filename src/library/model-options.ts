import { type ModelParameters, parametersOf } from '../agent/model/parameters.ts';
import { pairsOf } from '../agent/program-arguments.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ModelFlags } from './agent.ts';

/** How models are asked, and what agents that are programs are given. */
export interface ModelOptions extends Omit<ModelFlags, 'header' | 'agentArg'> {
  /** Parameters of requests, such as `{ temperature: 0 }` or `['temperature=0']`; null takes one away. */
  param?: JsonObject | readonly string[];
  /** Headers of requests, by name or as `Name: value`; variables of the environment, such as `${KEY}`, are put in. */
  header?: Readonly<Record<string, string>> | readonly string[];
  /** Arguments of agents that are modules or Python files, by name or as `name=value`. */
  agentArg?: JsonObject | readonly string[];
}

/** The same as a command line says it. */
export function modelFlags({ param: _, header = [], agentArg = [], ...given }: ModelOptions): ModelFlags {
  const headers = isList(header)
    ? header
    : Object.entries(header).map(([name, value]) => `${name}: ${value}`);
  return { ...given, header: [...headers], agentArg: isList(agentArg) ? [...agentArg] : pairsOf(agentArg) };
}

/** The parameters that requests are given. Throws `bad-flag`. */
export function parametersIn({ param = [] }: ModelOptions): ModelParameters {
  return parametersOf(isList(param) ? param : pairsOf(param));
}

const isList = (given: unknown): given is readonly string[] => Array.isArray(given);
