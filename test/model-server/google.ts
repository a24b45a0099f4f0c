import { type Answered, type CameIn, startEventServer } from './event-server.ts';

type Part = Record<string, unknown>;

/** Parts as the chunks of a stream, one in each; the last one has the end and the tokens. A text is sent as it is. */
export function contentOf(
  parts: readonly (Part | string)[],
  { finish = 'STOP', usage = {} }: { finish?: string; usage?: object } = {},
): Answered {
  const counted = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15, ...usage };
  const chunk = (part: Part | undefined, last: object) => ({
    candidates: [{ content: { role: 'model', parts: part ? [part] : [] }, index: 0, ...last }],
    modelVersion: 'gemini-test',
  });
  return {
    events: [
      ...parts.map((part) => chunk(typeof part === 'string' ? { text: part } : part, {})),
      { ...chunk(undefined, { finishReason: finish }), usageMetadata: counted },
    ],
  };
}

/** An error as Google's endpoints give it. */
export const googleError = (
  code: number,
  status: string,
  message: string,
  details: object[] = [],
): Answered & { status: number } => ({ status: code, body: { error: { code, message, status, details } } });

const badKey = googleError(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
  { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
]);

/** A server that speaks Gemini's generateContent. An event with `wire` stands on the wire as that says. */
export const startGoogle = (answers: readonly (Answered | ((request: CameIn) => Answered))[], key?: string) =>
  startEventServer(
    {
      write: (event) => `data: ${'wire' in event ? event.wire : JSON.stringify(event)}\r\n\r\n`,
      isAsk: (path) => path.includes(':streamGenerateContent'),
      other: ({ headers }) =>
        key === undefined || headers['x-goog-api-key'] === key
          ? { status: 200, body: { models: [] } }
          : badKey,
    },
    answers,
  );
