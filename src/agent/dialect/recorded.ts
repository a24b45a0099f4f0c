import { ProctorError } from '../../errors.ts';
import type { DifferentRequest, RecordedExchange } from '../agent.ts';
import { requestDifference } from './compare-request.ts';
import type { WireAnswer } from './dialect.ts';
import { textIn } from './field.ts';
import type { ModelSource, PlainRequest, SourceRequest } from './model-source.ts';
import { openaiError } from './openai-error.ts';

export interface RecordedSourceOptions {
  exchanges: readonly RecordedExchange[];
  /** What needed no decision, as far as it was recorded. */
  plain?: readonly { request: PlainRequest; answer: WireAnswer }[];
  /** Told of each request that is not the recorded one; it is answered from the record all the same. */
  differs(difference: DifferentRequest): void;
  /** Fields at the top of a request that may differ, such as `model`. */
  beside?: readonly string[];
  /** Who answers requests that the record has no answer for, and all those of later steps; nobody by default. */
  after?: { source: ModelSource; fromStep?: number };
}

/** Answers a program from the record, in the order of each conversation. */
export function recordedSource(options: RecordedSourceOptions): ModelSource {
  const { exchanges, plain = [], differs, beside = [], after } = options;
  const left = new Map<string, RecordedExchange[]>();
  for (const one of exchanges) left.set(one.conversation, [...(left.get(one.conversation) ?? []), one]);
  const asked = new Map<string, number>();
  /** Conversations of now by those of the record: a conversation that begins otherwise is taken for the next that nobody has asked for. */
  const known = new Map<string, string>();

  const recordedAs = ({ conversation, path }: SourceRequest): string => {
    const name = known.get(conversation) ?? (left.has(conversation) ? conversation : undefined);
    const taken = [...known.values()];
    const next = [...left].find(([one, [begun]]) => !taken.includes(one) && begun?.path === path)?.[0];
    const found = name ?? next ?? conversation;
    known.set(conversation, found);
    return found;
  };

  return {
    async answer(request, asking) {
      if (after?.fromStep !== undefined && request.step >= after.fromStep)
        return after.source.answer(request, asking);
      const conversation = recordedAs(request);
      const place = asked.get(conversation) ?? 0;
      asked.set(conversation, place + 1);
      const recorded = left.get(conversation)?.[place];
      if (!recorded) {
        if (after) return after.source.answer(request, asking);
        throw new ProctorError(
          'diverged',
          `the program asks its model once more than the record has an answer for`,
        );
      }
      const difference = requestDifference(recorded.request, request.body, beside);
      if (difference) differs({ ...difference, step: request.step });
      return recorded.answer;
    },
    async plain(request, asking) {
      const same = plain.filter(
        (one) => one.request.path === request.path && one.request.method === request.method,
      );
      const found =
        same.find((one) => !requestDifference(one.request.body ?? {}, request.body ?? {})) ?? same[0];
      if (found) return found.answer;
      return after ? after.source.plain(request, asking) : unrecorded(request, exchanges);
    },
  };
}

/** What a program is told that asks for what was not recorded. Models are those that were asked. */
function unrecorded({ path, body }: PlainRequest, exchanges: readonly RecordedExchange[]): WireAnswer {
  if (/count_tokens|input_tokens/.test(path)) {
    // About four characters are a token in all models of today.
    return answerOf({ input_tokens: Math.ceil(JSON.stringify(body ?? {}).length / 4) });
  }
  const names = new Set(exchanges.map(({ request }) => textIn(request.model)));
  const models = [...names].map((id) => ({
    id,
    object: 'model',
    type: 'model',
    display_name: id,
    created: 0,
  }));
  if (path === '/models') return answerOf({ object: 'list', data: models, has_more: false });
  const model = models.find(({ id }) => path === `/models/${id}`);
  return model ? answerOf(model) : openaiError(404, 'this was not recorded');
}

const answerOf = (value: object): WireAnswer => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(value),
});
