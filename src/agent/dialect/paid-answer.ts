import type { JsonObject } from '../../schema/json.ts';
import { isJsonObject } from '../../schema/json.ts';
import { toUse } from '../model/model-use.ts';
import type { AnsweredTurn, WireAnswer } from './dialect.ts';
import { valuesIn } from './values.ts';

/** What an answer took that is no turn of a conversation: an embedding, or a completion of a text. */
export function paidAnswer(answer: WireAnswer): Pick<AnsweredTurn, 'use' | 'problem'> {
  const { values, problem } = valuesIn(answer);
  const model = values.map((value) => value.model).find((one) => typeof one === 'string');
  const usage = values.map((value) => value.usage).findLast((one): one is JsonObject => isJsonObject(one));
  return { use: toUse(model as string | undefined, usage, []), ...(problem !== undefined && { problem }) };
}
