import type OpenAI from 'openai';
import { APIConnectionError, APIError } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { Stream } from 'openai/streaming';
import { messageOf } from '../../errors.ts';
import { parseJsonObject } from '../../schema/json.ts';
import { brokenAnswer, EndpointError, lostConnection, outOfContext } from '../model/endpoint-error.ts';
import { seen, type Watch, watched } from '../model/watch.ts';
import { type Answer, addChunk, emptyAnswer } from './answer.ts';

/** Makes one request, whose answer is read into `answer`. Throws the signal's reason where it is aborted, else an `EndpointError`. */
export const request = (
  client: OpenAI,
  body: ChatCompletionCreateParamsStreaming,
  answer: Answer,
  watch: Watch,
): Promise<Answer> =>
  watched(watch, async (controller, heard) => {
    try {
      const { signal } = controller;
      const response = await client.chat.completions.create(body, { signal }).asResponse();
      watch.headers?.(response.headers);
      return await readAnswer(seen(response, heard), controller, answer, client);
    } catch (error) {
      if (error instanceof EndpointError) throw error;
      throw error instanceof APIError ? endpointError(error) : brokenAnswer(messageOf(error), error);
    }
  });

/** What the client threw, in the words of every endpoint. */
export function endpointError(error: APIError): EndpointError {
  const { code, type, headers } = error;
  return new EndpointError(
    messageOf(error),
    {
      status: error.status ?? (Number(code) || undefined),
      words: `${code} ${type}`,
      headers,
      connection: error instanceof APIConnectionError,
      final: code === 'insufficient_quota' ? 'quota' : undefined,
    },
    error.cause ?? error,
  );
}

/**
 * Reads a stream of chunks, or the JSON of a server that does not stream, into `answer`: what came before a failure stays in it, such as
 * the tokens that were paid for. A server may leave out what type its answer has, and why it
 * ended where calls are whole.
 */
async function readAnswer(
  response: Response,
  controller: AbortController,
  answer: Answer = emptyAnswer(),
  client?: OpenAI,
): Promise<Answer> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('event-stream')) {
    await readStream(response, controller, answer, client);
  } else {
    const text = await response.text();
    if (/^\s*(data|event|id|retry)?:/.test(text)) {
      await readStream(new Response(text), controller, answer, client);
    } else if (type.includes('json') || (!type.includes('html') && /^\s*\{/.test(text))) {
      const data = JSON.parse(text) as { error?: object };
      if (data.error) throw new APIError(undefined, data.error, undefined, response.headers);
      addChunk(answer, data);
      if (answer.finishReason === undefined) throw brokenAnswer('it holds no complete choice');
    } else {
      throw brokenAnswer(`expected a stream or JSON, got ${type || 'no content type'}`);
    }
  }
  const { finishReason = '' } = answer;
  if (/context_(window|length)/.test(finishReason)) throw outOfContext(finishReason);
  if (finishReason === 'error') throw lostConnection('the answer ended with an error');
  return answer;
}

async function readStream(
  response: Response,
  controller: AbortController,
  answer: Answer,
  client?: OpenAI,
): Promise<void> {
  let tail = '';
  const watch = seen(response, (bytes) => {
    tail = `${tail}${Buffer.from(bytes).toString('latin1')}`.slice(-16);
  });
  for await (const chunk of Stream.fromSSEResponse(watch, controller, client)) addChunk(answer, chunk);
  const isWhole = answer.calls.length > 0 && answer.calls.every((call) => parseJsonObject(call.arguments));
  if (isWhole && /\[DONE\]\s*$/.test(tail)) answer.finishReason ??= 'stop';
  if (answer.finishReason === undefined) throw lostConnection('the answer ended before it was complete');
}
