import type { JsonObject } from '../../schema/json.ts';
import { conversationOf, listOf } from '../dialect/conversation.ts';
import type { AskedTurn, Dialect } from '../dialect/dialect.ts';
import { requestDiff } from '../model/appended.ts';

/** What was put between a program and its model in one conversation: answers none of whose calls could be made, with the refusals, or a word to the model. */
interface Kept {
  /** How long the program's own list of messages was then. */
  at: number;
  messages: JsonObject[string][];
}

/** One conversation of a program with a model. */
export interface Conversation {
  id: string;
  /** Ids of the calls that its answers held. */
  known: Set<string>;
  /** Calls that were let through and have not come back, by the provider's id. */
  open: Map<string, { callId: string; args: JsonObject }>;
  kept: Kept[];
  /** What the model is told that calls gave, in the place of what they did, by the provider's id. */
  edited: Map<string, string>;
  diff: ReturnType<typeof requestDiff>;
}

/** The conversations of a program, told apart by how they begin, or by the answer that a request says it continues. */
export function openConversations() {
  const known = new Map<string, Conversation>();
  const byAnswer = new Map<string, Conversation>();
  return {
    of(dialect: Dialect, turn: AskedTurn): Conversation {
      const continued = turn.continues === undefined ? undefined : byAnswer.get(turn.continues);
      if (continued) return continued;
      const id = conversationOf(dialect, turn);
      const conversation = known.get(id) ?? begun(id, dialect);
      known.set(id, conversation);
      return conversation;
    },
    /** Arguments of all calls that were let through and have not come back. */
    running: (): JsonObject[] =>
      [...known.values()].flatMap(({ open }) => [...open.values()].map(({ args }) => args)),
    answered(conversation: Conversation, responseId: string | undefined): void {
      if (responseId !== undefined) byAnswer.set(responseId, conversation);
    },
  };
}

const begun = (id: string, dialect: Dialect): Conversation => ({
  id,
  known: new Set(),
  open: new Map(),
  kept: [],
  edited: new Map(),
  diff: requestDiff(listOf(dialect)),
});

/** A request with what the program was never shown put back where it was. */
export function withKept(body: JsonObject, dialect: Dialect, { kept }: Conversation): JsonObject {
  const list = listOf(dialect);
  const own = body[list];
  if (!Array.isArray(own)) return body;
  const messages = kept
    .filter(({ at }) => at <= own.length)
    .reduceRight((before, { at, messages }) => before.toSpliced(at, 0, ...messages), own);
  return { ...body, [list]: messages };
}
