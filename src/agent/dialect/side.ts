import type { JsonObject } from '../../schema/json.ts';
import type { AskedTurn } from './dialect.ts';

/**
 * What a conversation beside the main one is for. In one for a title, a summary or something else, nothing is done;
 * a subagent acts as the main conversation does.
 */
export type Side = 'title' | 'compaction' | 'subagent' | 'other';

/** What is known of a program's conversations when another one asks. */
export interface KnownConversations {
  /** What its main conversation asked last; absent where none has. */
  main?: AskedTurn;
  /** Arguments of calls that were let through and are not done yet. */
  running?: readonly JsonObject[];
}

const title =
  /\b(title generator|(generate|write|create|provide|give|suggest)\b[^.\n]{0,80}\btitle|title (for|of) (this|the|a) (conversation|session|chat|thread))/i;

const compaction =
  /context checkpoint|compact(ing|ion)\b[^.\n]{0,60}\b(conversation|context|history|session)|(summar(y|i[sz]es?|i[sz]ing)|summary)\b[^.\n]{0,80}\b(conversation|chat history|context|session|thread)|continu\w+ (the )?(work|conversation) in a new (context|session)/i;

/** How much of a text says what it is for. */
const told = 4_000;

/** What a request is for that asks for no decision of the main conversation; undefined where it may be just that. */
export function sideOf(asked: AskedTurn, { main, running = [] }: KnownConversations): Side | undefined {
  const { system, opening, said, tools, answers, maxTokens } = asked;
  const isMain = main !== undefined && main.system === system && main.opening === opening;
  if (asked.compacts || (tools.length === 0 && compaction.test(said.slice(-told)))) return 'compaction';
  if (isMain) return undefined;
  if (tools.length > 0)
    return main && running.some((args) => isTaskIn(args, opening)) ? 'subagent' : undefined;
  const purpose = `${system.slice(0, told)}\n${opening.slice(0, told)}`;
  if (title.test(purpose)) return 'title';
  if (compaction.test(purpose)) return 'compaction';
  const isFirst = answers === 0 && maxTokens === 1;
  return isFirst || (main?.tools.length ?? 0) > 0 ? 'other' : undefined;
}

/** Whether a conversation opens with a text of a call. Programs put words of their own before it. */
const isTaskIn = (args: JsonObject, opening: string) =>
  Object.values(args).some(
    (text) => typeof text === 'string' && text.trim().length >= 12 && opening.includes(text.trim()),
  );
