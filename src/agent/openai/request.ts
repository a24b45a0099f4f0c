import type OpenAI from 'openai';
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { Stream } from 'openai/streaming';
import { messageOf } from '../../errors.ts';
import { parseJsonObject } from '../../schema/json.ts';
import type { DecideOptions } from '../agent.ts';
import { type Answer, addChunk, emptyAnswer } from './answer.ts';

interface RequestOptions {
  signal: AbortSignal;
  /** Milliseconds without a byte after which the server counts as hanging. */
  idleMs: number;
  waiting?: DecideOptions['waiting'] | undefined;
}

/** An answer that is there, but says nothing: asking again may help once, hardly twice. */
export class UnreadableAnswer extends APIConnectionError {}

/** Makes one request, whose answer is read into `answer`. Throws the signal's reason where it is aborted, else an `APIError` of the client. */
export async function request(
  client: OpenAI,
  body: ChatCompletionCreateParamsStreaming,
  answer: Answer,
  { signal, idleMs, waiting = () => () => {} }: RequestOptions,
): Promise<Answer> {
  let endSilence = waiting();
  const controller = new AbortController();
  const stop = () => controller.abort();
  signal.addEventListener('abort', stop);
  let hung = false;
  const idle = setTimeout(() => {
    hung = true;
    stop();
  }, idleMs);
  try {
    signal.throwIfAborted();
    const response = await client.chat.completions.create(body, { signal: controller.signal }).asResponse();
    return await readAnswer(
      watched(response, () => {
        idle.refresh();
        endSilence(true);
        endSilence = waiting();
      }),
      controller,
      answer,
      client,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (hung) throw new APIConnectionTimeoutError({ message: `nothing came for ${idleMs / 1000} s` });
    if (error instanceof APIError) throw error;
    throw broken(messageOf(error), error);
  } finally {
    endSilence();
    clearTimeout(idle);
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Reads a stream of chunks, or the JSON of a server that does not stream, into `answer`: what came before a failure stays in it, such as
 * the tokens that were paid for. A server may leave out what type its answer has, and why it
 * ended where calls are whole.
 */
export async function readAnswer(
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
      if (answer.finishReason === undefined) throw broken('it holds no complete choice');
    } else {
      throw broken(`expected a stream or JSON, got ${type || 'no content type'}`);
    }
  }
  const { finishReason = '' } = answer;
  if (/context_(window|length)/.test(finishReason))
    throw new APIError(400, { message: `the answer ended for ${finishReason}` }, undefined, response.headers);
  if (finishReason === 'error') throw new APIConnectionError({ message: 'the answer ended with an error' });
  return answer;
}

async function readStream(
  response: Response,
  controller: AbortController,
  answer: Answer,
  client?: OpenAI,
): Promise<void> {
  let tail = '';
  const watch = watched(response, (bytes) => {
    tail = `${tail}${Buffer.from(bytes).toString('latin1')}`.slice(-16);
  });
  for await (const chunk of Stream.fromSSEResponse(watch, controller, client)) addChunk(answer, chunk);
  const isWhole = answer.calls.length > 0 && answer.calls.every((call) => parseJsonObject(call.arguments));
  if (isWhole && /\[DONE\]\s*$/.test(tail)) answer.finishReason ??= 'stop';
  if (answer.finishReason === undefined)
    throw new APIConnectionError({ message: 'the answer ended before it was complete' });
}

function watched(response: Response, onBytes: (bytes: Uint8Array) => void): Response {
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform: (bytes, out) => {
      onBytes(bytes);
      out.enqueue(bytes);
    },
  });
  return new Response(response.body?.pipeThrough(watch) ?? null, response);
}

const broken = (message: string, cause?: unknown) =>
  new UnreadableAnswer({ message: `unreadable answer: ${message.slice(0, 300)}`, cause: cause as Error });
