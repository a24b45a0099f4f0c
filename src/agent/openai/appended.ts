import { isDeepStrictEqual } from 'node:util';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Json } from '../../schema/json.ts';

type Body = ChatCompletionCreateParamsStreaming;

/**
 * Remembers the last request of a session. For the next one it gives the whole request, or only the added messages, as
 * `{messages}`, where nothing else has changed.
 */
export function requestDiff(): (body: Body) => { request: Json; appended: boolean } {
  let last: Body | undefined;
  return (body) => {
    const before = last;
    last = body;
    if (before === undefined || !extendsRequest(body, before))
      return { request: json(body), appended: false };
    return { request: json({ messages: body.messages.slice(before.messages.length) }), appended: true };
  };
}

function extendsRequest(body: Body, before: Body): boolean {
  const kept = body.messages.slice(0, before.messages.length);
  return isDeepStrictEqual({ ...body, messages: kept }, before);
}

const json = (value: object) => value as unknown as Json;
