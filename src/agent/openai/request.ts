import type OpenAI from 'openai';
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { Stream } from 'openai/streaming';
import { messageOf } from '../../errors.ts';
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

/** Makes one request. Throws the signal's reason where it is aborted, else an `APIError` of the client. */
export async function request(
  client: OpenAI,
  body: ChatCompletionCreateParamsStreaming,
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

/** Reads a stream of chunks, or the JSON of a server that does not stream. */
export async function readAnswer(
  response: Response,
  controller: AbortController,
  client?: OpenAI,
): Promise<Answer> {
  const answer = emptyAnswer();
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    const data = (await response.json()) as { error?: object };
    if (data.error) throw new APIError(undefined, data.error, undefined, response.headers);
    addChunk(answer, data);
  } else if (type.includes('event-stream')) {
    for await (const chunk of Stream.fromSSEResponse(response, controller, client)) addChunk(answer, chunk);
  } else {
    throw broken(`expected a stream or JSON, got ${type || 'no content type'}`);
  }
  if (answer.finishReason !== undefined) return answer;
  if (type.includes('json')) throw broken('it holds no complete choice');
  throw new APIConnectionError({ message: 'the answer ended before it was complete' });
}

function watched(response: Response, onBytes: () => void): Response {
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform: (bytes, out) => {
      onBytes();
      out.enqueue(bytes);
    },
  });
  return new Response(response.body?.pipeThrough(watch) ?? null, response);
}

const broken = (message: string, cause?: unknown) =>
  new UnreadableAnswer({ message: `unreadable answer: ${message.slice(0, 300)}`, cause: cause as Error });
