import type { Decision } from '../../schema/decision.ts';
import { modelUse } from '../model/model-use.ts';
import { type ModelParameters, withParameters } from '../model/parameters.ts';
import { listPrices } from '../model/price.ts';
import { answerUse } from './answer-use.ts';
import { openEndpoint } from './endpoint.ts';
import type { OpenaiOptions } from './openai.ts';

/** What a model wrote, or why it refused, and what it took. */
interface Reply extends Pick<Decision, 'model' | 'usage' | 'costUsd' | 'retries'> {
  text: string;
  /** Why it did not answer; absent where it did. */
  refusal?: string;
}

/** A model that is asked single questions and has no tools. */
export interface Chat {
  model: string;
  baseUrl: string;
  parameters: ModelParameters;
  /** Throws `model-refused-key` or `model-unavailable`. */
  check(): Promise<void>;
  /** Throws `model-refused-key`, `model-unavailable`, `context-overflow`, or the signal's reason. */
  ask(messages: readonly { role: 'system' | 'user'; content: string }[], signal: AbortSignal): Promise<Reply>;
}

/** Throws `bad-flag` where there is neither a key nor an own endpoint. */
export function openChat(options: OpenaiOptions): Chat {
  const { model, parameters = {}, prices = listPrices } = options;
  const endpoint = openEndpoint(`openai:${model}`, options);
  const { parallel_tool_calls: _, ...sampling } = parameters;
  return {
    model,
    parameters,
    baseUrl: endpoint.baseUrl,
    check: endpoint.check,
    async ask(messages, signal) {
      const body = {
        model,
        messages: [...messages],
        stream: true as const,
        stream_options: { include_usage: true },
      };
      const { answer, before, retries } = await endpoint.ask(withParameters(body, sampling), { signal });
      const refused = answer.refusal !== '' || answer.finishReason === 'content_filter';
      return {
        text: answer.text,
        ...(refused && { refusal: answer.refusal || 'the provider filtered the answer' }),
        ...modelUse([...before, { ...answerUse(answer), model }], prices),
        model: answer.model ?? model,
        ...(retries.length > 0 && { retries }),
      };
    },
  };
}
