import { type Answered, type CameIn, startEventServer } from './event-server.ts';

type Item = { type: string; [field: string]: unknown };

/** Whole items as the events of a stream of the Responses API. */
export function responseOf(
  output: readonly Item[],
  {
    usage = {},
    model = 'gpt-test',
    ...more
  }: { usage?: object; model?: string; [field: string]: unknown } = {},
): Answered {
  const response = {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model,
    output: [],
    parallel_tool_calls: true,
    tools: [],
  };
  const begun = { ...response, status: 'in_progress', usage: null };
  const counted = { input_tokens: 10, output_tokens: 5, ...usage };
  const ended = { ...response, status: 'completed', output, usage: counted, ...more };
  const events = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...output.flatMap(itemEvents),
    { type: `response.${ended.status}`, response: ended },
  ];
  return { events: events.map((event, sequence_number) => ({ ...event, sequence_number })) };
}

function itemEvents(item: Item, output_index: number): object[] {
  const at = { output_index, item_id: item.id };
  const done = { type: 'response.output_item.done', output_index, item };
  const pieces = (type: string, text: string) =>
    (text.match(/[\s\S]{1,7}/gu) ?? []).map((delta) => ({ type: `response.${type}.delta`, ...at, delta }));
  const added = (begun: object) => ({
    type: 'response.output_item.added',
    output_index,
    item: { ...item, ...begun },
  });
  if (item.type === 'function_call') {
    const written = String(item.arguments);
    const whole = { type: 'response.function_call_arguments.done', ...at, arguments: written };
    return [added({ arguments: '' }), ...pieces('function_call_arguments', written), whole, done];
  }
  if (item.type !== 'message') return [added({}), done];
  const [part] = item.content as { text?: string }[];
  const text = part?.text ?? '';
  return [
    added({ content: [] }),
    { type: 'response.content_part.added', ...at, content_index: 0, part: { ...part, text: '' } },
    ...pieces('output_text', text).map((event) => ({ ...event, content_index: 0 })),
    { type: 'response.output_text.done', ...at, content_index: 0, text },
    { type: 'response.content_part.done', ...at, content_index: 0, part },
    done,
  ];
}

/** An error as OpenAI's APIs give it. */
export const openaiError = (status: number, code: string, message: string, headers = {}): Answered => ({
  status,
  body: { error: { message, type: 'error', param: null, code } },
  headers,
});

/** A server that speaks OpenAI's Responses API. */
export const startResponses = (
  answers: readonly (Answered | ((request: CameIn) => Answered))[],
  key?: string,
) =>
  startEventServer(
    {
      write: (event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`,
      isAsk: (path) => path.startsWith('/responses'),
      other: ({ headers }) =>
        key === undefined || headers.authorization === `Bearer ${key}`
          ? { status: 200, body: { object: 'list', data: [] } }
          : { status: 401, body: { error: { message: 'invalid API key', code: 'invalid_api_key' } } },
    },
    answers,
  );
