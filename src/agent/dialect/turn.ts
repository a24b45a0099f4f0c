import type { JsonObject } from '../../schema/json.ts';
import { toUse } from '../model/model-use.ts';
import type { AnsweredCall, AnsweredTurn } from './dialect.ts';

/** What was found in an answer; texts that are empty count as absent. */
interface Found {
  text: string;
  reasoning: string;
  calls: AnsweredCall[];
  hosted?: string[];
  stop: AnsweredTurn['stop'];
  model: string | undefined;
  usage: JsonObject | undefined;
  responseId?: string;
  problem: string | undefined;
}

export function turnOf({ text, reasoning, calls, hosted = [], stop, ...found }: Found): AnsweredTurn {
  const { model, usage, responseId, problem } = found;
  return {
    ...(text !== '' && { text }),
    ...(reasoning !== '' && { reasoning }),
    calls,
    hosted,
    ...(stop && { stop }),
    use: toUse(model, usage, [...calls.map(({ tool }) => tool), ...hosted]),
    ...(responseId !== undefined && { responseId }),
    ...(problem !== undefined && { problem }),
  };
}
