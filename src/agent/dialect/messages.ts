import type { JsonObject } from '../../schema/json.ts';
import {
  type Answer,
  addEvent,
  callsOf,
  emptyAnswer,
  isCall,
  textIn as textOfBlocks,
} from '../anthropic/answer.ts';
import { usageOf } from '../anthropic/decision.ts';
import { callOf, placedIds } from './call.ts';
import { contentsOf, textsOf } from './content.ts';
import type { AnsweredTurn, AskedTurn, Dialect, OfferedTool, WireAnswer } from './dialect.ts';
import { isStream } from './event-stream.ts';
import { aroundAnswers, boundIn, joined, objectIn, objectsIn, textIn } from './field.ts';
import { rewriteMessage } from './messages-rewrite.ts';
import { turnOf } from './turn.ts';
import { valuesIn } from './values.ts';

/** Anthropic's Messages. */
export const messagesDialect: Dialect = {
  name: 'messages',
  readRequest,
  withUsage: (body) => body,
  readAnswer: (answer) => read(answer).turn,
  rewrite: (answer, changes) => rewriteMessage(answer, changes),
  refused(body, answer, reasons) {
    const { blocks, turn } = read(answer);
    const results = turn.calls.map(({ providerId }) => ({
      type: 'tool_result',
      tool_use_id: providerId,
      content: reasons.get(providerId) ?? 'This call was not made.',
      is_error: true,
    }));
    const messages = [
      { role: 'assistant', content: blocks },
      { role: 'user', content: results },
    ];
    return { ...body, messages: [...objectsIn(body.messages), ...messages] };
  },
  withOwed: (body) => body,
  error(status, message) {
    const type = types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
    const body = JSON.stringify({ type: 'error', error: { type, message } });
    return { status, contentType: 'application/json', body };
  },
};

const types: Record<number, string> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

function readRequest(body: JsonObject): AskedTurn {
  const messages = objectsIn(body.messages);
  const isAnswer = ({ role }: JsonObject) => role === 'assistant';
  const { before, since } = aroundAnswers(messages, isAnswer);
  const results = since.flatMap(({ content }) => objectsIn(content)).filter(isResult);
  const ids = placedIds(results.map(({ tool_use_id: id }) => textIn(id)));
  return {
    model: textIn(body.model),
    stream: body.stream === true,
    // Programs put reminders of their own between messages.
    system: joined([textsOf(body.system), saidBy('system', before)]),
    opening: saidBy('user', before),
    said: saidBy('user', since),
    tools: objectsIn(body.tools).map(offeredTool),
    results: results.map(({ content, is_error: isError }, place) => ({
      providerId: ids[place] as string,
      content: contentsOf(content),
      ...(isError === true && { isError }),
    })),
    answers: messages.filter(isAnswer).length,
    ...boundIn(body, 'max_tokens'),
  };
}

const isResult = ({ type }: JsonObject) => type === 'tool_result';

const saidBy = (role: string, messages: readonly JsonObject[]) =>
  joined(
    messages
      .filter((one) => one.role === role)
      .map(({ content }) =>
        textsOf(
          typeof content === 'string' ? content : objectsIn(content).filter((block) => !isResult(block)),
        ),
      ),
  );

/** Tools that the endpoint runs, by their versioned types; those of the client, such as `bash_20250124`, have such types too. */
const hosted = /^(web_search|web_fetch|code_execution|tool_search\w*|mcp_toolset|advisor)(_\d+)?$/;

function offeredTool({ name, type, description, input_schema: schema }: JsonObject): OfferedTool {
  return {
    name: textIn(name) || textIn(type),
    description: textIn(description),
    inputSchema: objectIn(schema),
    ...(hosted.test(textIn(type)) && { hosted: true as const }),
  };
}

/** Why a stream is none, in which there is neither an error nor an end. */
const brokenOff = 'the answer ended before it was complete';

function gather(answer: WireAnswer): { gathered: Answer; problem: string | undefined } {
  const gathered = emptyAnswer();
  const { values, problem } = valuesIn(answer);
  if (isStream(answer)) {
    for (const value of values) addEvent(gathered, value as never);
    return { gathered, problem: problem ?? (gathered.stopReason === undefined ? brokenOff : undefined) };
  }
  for (const value of values) {
    gathered.blocks = objectsIn(value.content);
    addEvent(gathered, { type: 'message_start', message: value } as never);
    addEvent(gathered, { type: 'message_delta', delta: value, usage: value.usage } as never);
  }
  return { gathered, problem };
}

function read(answer: WireAnswer): { blocks: JsonObject[]; turn: AnsweredTurn } {
  const { gathered, problem } = gather(answer);
  const { stopReason, explanation = '', model, usage } = gathered;
  const called = callsOf(gathered);
  const ids = placedIds(called.map(({ id }) => id));
  const calls = called.map((call, place) => callOf(ids[place] as string, call));
  const inputs = calls.map(({ arguments: args }) => args);
  const blocks = gathered.blocks.flatMap((block) => {
    if (isCall(block)) return [{ ...block, input: inputs.shift() ?? {} }];
    return block.type === 'text' && textIn(block.text).trim() === '' ? [] : [block];
  });
  const turn = turnOf({
    text: textOfBlocks(gathered, 'text') || explanation,
    reasoning: textOfBlocks(gathered, 'thinking'),
    calls,
    hosted: blocks
      .filter(({ type }) => type === 'server_tool_use' || type === 'mcp_tool_use')
      .map(({ name, type }) => textIn(name) || textIn(type)),
    stop: stopReason === 'refusal' ? 'refused' : stopReason === 'max_tokens' ? 'truncated' : undefined,
    model,
    usage: Object.keys(usage).length > 0 ? usageOf(gathered) : undefined,
    problem,
  });
  return { blocks, turn };
}
