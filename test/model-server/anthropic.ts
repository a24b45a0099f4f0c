import { type Answered, type CameIn, startEventServer } from './event-server.ts';

/** Whole content blocks as the events of a stream. */
export function messageOf(
  blocks: readonly { type: string; [field: string]: unknown }[],
  {
    stop = 'end_turn',
    usage = {},
    model = 'claude-test',
  }: { stop?: string; usage?: object; model?: string } = {},
): Answered {
  return {
    events: [
      {
        type: 'message_start',
        message: {
          id: 'm',
          type: 'message',
          role: 'assistant',
          model,
          content: [],
          usage: { input_tokens: 10, output_tokens: 1, ...usage },
        },
      },
      { type: 'ping' },
      ...blocks.flatMap(blockEvents),
      {
        type: 'message_delta',
        delta: { stop_reason: stop, stop_sequence: null },
        usage: { output_tokens: 5, ...usage },
      },
      { type: 'message_stop' },
    ],
  };
}

const streamed: Record<string, [field: string, delta: string]> = {
  text: ['text', 'text_delta'],
  thinking: ['thinking', 'thinking_delta'],
};

function blockEvents(block: { type: string; [field: string]: unknown }, index: number): object[] {
  const delta = (one: object) => ({ type: 'content_block_delta', index, delta: one });
  const start = (content_block: object) => ({ type: 'content_block_start', index, content_block });
  const stop = { type: 'content_block_stop', index };
  const [field, kind] = streamed[block.type] ?? [];
  if (field !== undefined) {
    const { signature, [field]: text, ...rest } = block;
    return [
      start({ ...rest, [field]: '', ...(signature !== undefined && { signature: '' }) }),
      ...(String(text).match(/[\s\S]{1,5}/gu) ?? []).map((piece) => delta({ type: kind, [field]: piece })),
      ...(signature === undefined ? [] : [delta({ type: 'signature_delta', signature })]),
      stop,
    ];
  }
  if (block.type !== 'tool_use') return [start(block), stop];
  const written = typeof block.input === 'string' ? block.input : JSON.stringify(block.input);
  return [
    start({ ...block, input: {} }),
    ...(written.match(/[\s\S]{1,7}/gu) ?? []).map((piece) =>
      delta({ type: 'input_json_delta', partial_json: piece }),
    ),
    stop,
  ];
}

/** An error as the Messages API gives it. */
export const anthropicError = (status: number, type: string, message: string, headers = {}): Answered => ({
  status,
  body: { type: 'error', error: { type, message } },
  headers,
});

/** A server that speaks Anthropic's Messages. */
export const startAnthropic = (
  answers: readonly (Answered | ((request: CameIn) => Answered))[],
  key?: string,
) =>
  startEventServer(
    {
      write: (event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`,
      isAsk: (path) => path.startsWith('/v1/messages'),
      other: ({ headers }) =>
        key === undefined || headers.authorization === `Bearer ${key}`
          ? { status: 200, body: { data: [], has_more: false, first_id: null, last_id: null } }
          : {
              status: 401,
              body: { type: 'error', error: { type: 'authentication_error', message: 'invalid API key' } },
            },
    },
    answers,
  );
