import type { MessageReply, ReplyCall, ReplyUsage } from './reply.ts';

const letters = 7;

/** A reply as one JSON document. */
export function completionOf(reply: MessageReply, model: string, index: number): object {
  return {
    ...frame('chat.completion', model, index),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: reply.text ?? null,
          refusal: reply.refusal ?? null,
          ...(reply.reasoning !== undefined && { reasoning_content: reply.reasoning }),
          ...(reply.calls && { tool_calls: reply.calls.map((call, at) => toolCall(call, index, at)) }),
        },
        finish_reason: finishOf(reply),
      },
    ],
    usage: usageOf(reply.usage),
  };
}

/** A reply as the chunks of a stream, with its texts in small pieces. */
export function chunksOf(reply: MessageReply, model: string, index: number): object[] {
  const deltas: object[] = [
    { role: 'assistant', content: '' },
    ...pieces(reply.reasoning).map((reasoning_content) => ({ reasoning_content })),
    ...pieces(reply.text).map((content) => ({ content })),
    ...pieces(reply.refusal).map((refusal) => ({ refusal })),
    ...(reply.calls ?? []).flatMap((call, at) => callDeltas(call, index, at)),
  ];
  const head = frame('chat.completion.chunk', model, index);
  const chunk = (delta: object, finish_reason: string | null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason }],
  });
  return [
    ...deltas.map((delta) => chunk(delta, null)),
    chunk({}, finishOf(reply)),
    { ...head, choices: [], usage: usageOf(reply.usage) },
  ];
}

function frame(object: string, model: string, index: number) {
  return { id: `chatcmpl-${index}`, object, created: 1_700_000_000, model };
}

function toolCall(call: ReplyCall, index: number, at: number) {
  const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
  return {
    id: call.id ?? `call_${index}_${at}`,
    type: 'function',
    function: { name: call.name, arguments: text },
    ...(call.extra_content !== undefined && { extra_content: call.extra_content }),
  };
}

function callDeltas(call: ReplyCall, index: number, at: number): object[] {
  const whole = toolCall(call, index, at);
  const opening = { ...whole, function: { name: call.name, arguments: '' } };
  const rest = pieces(whole.function.arguments).map((text) => ({ function: { arguments: text } }));
  return [opening, ...rest].map((part) => ({ tool_calls: [{ index: at, ...part }] }));
}

function finishOf({ finish, calls }: MessageReply): string {
  return finish ?? (calls && calls.length > 0 ? 'tool_calls' : 'stop');
}

function usageOf({ input, output, cached = 0, reasoning = 0 }: ReplyUsage = { input: 10, output: 5 }) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

function pieces(text = ''): string[] {
  return text.match(new RegExp(`[^]{1,${letters}}`, 'gu')) ?? [];
}
