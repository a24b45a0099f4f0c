import { isJsonObject, type JsonObject } from '../../schema/json.ts';
import { type Answer, addChunk, emptyAnswer } from '../openai/answer.ts';
import { callOf, placedIds } from './call.ts';
import { rewriteChat, wireCall } from './chat-rewrite.ts';
import { contentsOf, textsOf } from './content.ts';
import type { AnsweredCall, AnsweredTurn, AskedTurn, Dialect, OfferedTool, WireAnswer } from './dialect.ts';
import { isStream, readEvents } from './event-stream.ts';
import { aroundAnswers, boundIn, joined, objectIn, objectsIn, textIn } from './field.ts';
import { openaiError } from './openai-error.ts';
import { turnOf } from './turn.ts';
import { valuesIn } from './values.ts';

/** OpenAI's Chat Completions. */
export const chatDialect: Dialect = {
  name: 'chat',
  readRequest,
  withUsage: (body) =>
    body.stream === true
      ? { ...body, stream_options: { ...objectIn(body.stream_options), include_usage: true } }
      : body,
  readAnswer: (answer) => read(answer).turn,
  rewrite(answer, changes) {
    const { gathered, turn } = read(answer);
    return rewriteChat(answer, { written: gathered.calls, calls: turn.calls }, changes);
  },
  refused(body, answer, reasons) {
    const { gathered, turn } = read(answer);
    const calls = gathered.calls.map((call, place) => wireCall(call, turn.calls[place] as AnsweredCall));
    const said = { role: 'assistant', content: gathered.text || null, ...gathered.reasoning };
    const results = turn.calls.map(({ providerId }) => ({
      role: 'tool',
      tool_call_id: providerId,
      content: reasons.get(providerId) ?? 'This call was not made.',
    }));
    const messages = Array.isArray(body.messages) ? body.messages : [];
    return { ...body, messages: [...messages, { ...said, tool_calls: calls }, ...results] };
  },
  withOwed: (body) => body,
  error: openaiError,
};

function readRequest(body: JsonObject): AskedTurn {
  const messages = objectsIn(body.messages);
  const isAnswer = ({ role }: JsonObject) => role === 'assistant';
  const { before, since } = aroundAnswers(messages, isAnswer);
  const saidBy = (role: RegExp, list: readonly JsonObject[]) =>
    joined(list.filter((one) => role.test(textIn(one.role))).map(({ content }) => textsOf(content)));
  const results = since.filter(({ role }) => role === 'tool' || role === 'function');
  const ids = placedIds(results.map(({ tool_call_id: id }) => textIn(id)));
  return {
    model: textIn(body.model),
    stream: body.stream === true,
    system: saidBy(/^(system|developer)$/, before),
    opening: saidBy(/^user$/, before),
    said: saidBy(/^user$/, since),
    tools: [...objectsIn(body.tools), ...objectsIn(body.functions)].map(offeredTool),
    results: results.map(({ content }, place) => ({
      providerId: ids[place] as string,
      content: contentsOf(content),
    })),
    answers: messages.filter(isAnswer).length,
    ...boundIn(body, 'max_completion_tokens', 'max_tokens'),
    ...(typeof body.n === 'number' && body.n > 1 && { unsupported: 'several choices (n) are asked for' }),
  };
}

function offeredTool(tool: JsonObject): OfferedTool {
  const described = isJsonObject(tool.function)
    ? tool.function
    : isJsonObject(tool.custom)
      ? tool.custom
      : tool;
  return {
    name: textIn(described.name) || textIn(tool.type),
    description: textIn(described.description),
    inputSchema: objectIn(described.parameters),
  };
}

const length = /^(length|(max|model)_\w*(tokens|length))$/i;
const refused = /content_filter|refus|safety|prohibited|blocklist/i;

function read(answer: WireAnswer): { gathered: Answer; turn: AnsweredTurn } {
  const gathered = emptyAnswer();
  const problem = gather(answer, gathered);
  const { text, refusal, finishReason = '', calls, thoughts, reasoning: thought } = gathered;
  const isRefused = refusal !== '' || refused.test(finishReason);
  const ids = placedIds(calls.map(({ id }) => id));
  const turn = turnOf({
    text: text || refusal,
    reasoning: textIn(thought.reasoning_content ?? thought.reasoning ?? thought.thinking) || thoughts,
    calls: calls.map((call, place) => callOf(ids[place] as string, call)),
    stop: isRefused ? 'refused' : length.test(finishReason) ? 'truncated' : undefined,
    model: gathered.model,
    usage: gathered.usage,
    problem,
  });
  return { gathered, turn };
}

/** Reads an answer into `gathered`; gives why it is no whole one. */
function gather(answer: WireAnswer, gathered: Answer): string | undefined {
  const { values, problem } = valuesIn(answer);
  for (const value of values) addChunk(gathered, value);
  if (problem !== undefined) return problem;
  if (gathered.finishReason === 'error') return 'the answer ended with an error';
  const isDone = isStream(answer) && readEvents(answer.body).at(-1)?.data.trim() === '[DONE]';
  if (gathered.finishReason !== undefined || (isDone && gathered.calls.length > 0)) return undefined;
  return 'the answer ended before it was complete';
}
