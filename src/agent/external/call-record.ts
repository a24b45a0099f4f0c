import { createHash } from 'node:crypto';
import type { JsonObject } from '../../schema/json.ts';
import type { DecideOptions } from '../agent.ts';
import { conversationOf, listOf } from '../dialect/conversation.ts';
import { requestDiff } from '../model/appended.ts';
import type { ModelCall } from './model-proxy.ts';

/** Tells the record of a program's model calls: of each conversation what was added to it, and the answers. */
export interface CallRecord {
  conversationOf(turn: NonNullable<ModelCall['turn']>): string;
  tell(call: ModelCall, told: Pick<DecideOptions, 'asked' | 'answered'>): void;
}

export function callRecord(): CallRecord {
  const diffs = new Map<string, ReturnType<typeof requestDiff>>();
  /** Conversations by the ids of their answers. */
  const continued = new Map<string, string>();
  const named = ({ dialect, asked }: NonNullable<ModelCall['turn']>) =>
    continued.get(asked.continues ?? '') ?? conversationOf(dialect, asked);
  const part = (conversation: string, list: string, request: JsonObject) => {
    if (!Array.isArray(request[list])) return { request, appended: false };
    const diff = diffs.get(conversation) ?? requestDiff(list);
    diffs.set(conversation, diff);
    return diff(request as never);
  };
  return {
    conversationOf: named,
    tell({ request, turn, answer }, { asked, answered }) {
      if (!turn) return asked(request, false);
      const conversation = named(turn);
      const told = part(conversation, listOf(turn.dialect), request);
      asked(told.request, told.appended, { conversation });
      if (!answer) return;
      const { status, contentType, body } = answer;
      const { responseId } = turn.dialect.readAnswer(answer);
      if (responseId !== undefined) continued.set(responseId, conversation);
      answered?.({
        conversation,
        dialect: turn.dialect.name,
        path: turn.path,
        request: createHash('sha256').update(JSON.stringify(request)).digest('hex'),
        status,
        contentType,
        answer: body,
      });
    },
  };
}
