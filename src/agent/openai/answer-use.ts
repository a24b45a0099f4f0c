import { Stream } from 'openai/streaming';
import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
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

/** Use of a call of the Responses API or of Anthropic's Messages, from its JSON or from the events of its stream. */
export async function responseUse(response: Response): Promise<ModelUse> {
  if (response.headers.get('content-type')?.includes('json'))
    return modelUseOf((await response.json()) as Json);
  let use: ModelUse = {};
  const message: JsonObject & { usage: JsonObject; content: Json[] } = { usage: {}, content: [] };
  for await (const event of Stream.fromSSEResponse<Json>(response, new AbortController())) {
    if (!isJsonObject(event)) continue;
    if (/^response\.(completed|incomplete|failed)$/.test(String(event.type)))
      use = modelUseOf(event.response);
    const part = isJsonObject(event.message) ? event.message : event;
    if (typeof part.model === 'string') message.model = part.model;
    if (isJsonObject(part.usage)) Object.assign(message.usage, part.usage);
    if (event.content_block !== undefined) message.content.push(event.content_block);
  }
  return use.model === undefined && message.model !== undefined ? modelUseOf(message) : use;
}

function modelUseOf(answered: Json | undefined): ModelUse {
  if (!isJsonObject(answered)) return {};
  const { model, usage, output, content } = answered;
  const items = [output, content].flatMap((list) => (Array.isArray(list) ? list : [])).filter(isJsonObject);
  const called = items.filter(({ type }) => /_call$|^tool_use$/.test(String(type)));
  return toUse(
    typeof model === 'string' ? model : undefined,
    isJsonObject(usage) ? usage : undefined,
    called.map(({ name, type }) => String(name ?? type)),
  );
}
