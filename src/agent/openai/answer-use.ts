import { type ModelUse, toUse } from '../model/model-use.ts';
import type { Answer } from './answer.ts';

/** Use of a call of Chat Completions. */
export function answerUse({ model, usage, calls }: Answer): ModelUse {
  return toUse(
    model,
    usage,
    calls.map(({ name }) => name),
  );
}
