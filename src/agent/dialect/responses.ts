import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
import {
  addResponse,
  addResponseEvent,
  emptyResponse,
  failureIn,
  itemsOf,
  type ResponseAnswer,
  saidIn,
} from '../openai/response-answer.ts';
import { placedIds } from './call.ts';
import { contentsOf, textsOf } from './content.ts';
import type { AnsweredCall, AnsweredTurn, AskedTurn, Dialect, OfferedTool, WireAnswer } from './dialect.ts';
import { isStream } from './event-stream.ts';
import { aroundAnswers, boundIn, joined, objectIn, objectsIn, textIn } from './field.ts';
import { openaiError } from './openai-error.ts';
import { callIdOf, callIn, hostedTool, isCall, nameIn, resultItem } from './responses-item.ts';
import { rewriteResponse } from './responses-rewrite.ts';
import { turnOf } from './turn.ts';
import { valuesIn } from './values.ts';

/** OpenAI's Responses API, and its compaction. */
export const responsesDialect: Dialect = {
  name: 'responses',
  readRequest,
  withUsage: (body) => body,
  readAnswer: (answer) => read(answer).turn,
  rewrite: (answer, changes) => rewriteResponse(answer, changes),
  refused(body, answer, reasons) {
    const { items, turn } = read(answer);
    const results = resultsOf(turn.calls, (id) => reasons.get(id) ?? 'This call was not made.');
    if (isContinued(body) && turn.responseId !== undefined) {
      const { conversation: _, ...rest } = body;
      const held = body.conversation === undefined ? { previous_response_id: turn.responseId } : body;
      return { ...rest, ...held, input: results };
    }
    return { ...body, input: [...inputOf(body), ...items, ...results] };
  },
  withOwed(body, owed) {
    if (!isContinued(body) || owed.length === 0) return body;
    const results = owed.flatMap(({ call, reason }) => resultsOf([call], () => reason));
    return { ...body, input: [...results, ...inputOf(body)] };
  },
  error: openaiError,
};

const isContinued = ({ previous_response_id: id, conversation }: JsonObject) =>
  textIn(id) !== '' || (conversation ?? null) !== null;

const resultsOf = (calls: readonly AnsweredCall[], textFor: (id: string) => string): JsonObject[] =>
  calls.map(({ providerId, kind = 'function_call' }) => resultItem(kind, providerId, textFor(providerId)));

function inputOf({ input }: JsonObject): JsonObject[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : objectsIn(input);
}

const isResult = ({ type }: JsonObject) => /_output$/.test(textIn(type)) && type !== 'program_output';

/** Items that are neither of an answer nor messages nor results. */
const others: readonly unknown[] = ['additional_tools', 'compaction_trigger', 'mcp_approval_response'];

/** Whether an item is of an answer, and not of what the program says to it. */
const isAnswer = (item: JsonObject) =>
  item.role === undefined ? !isResult(item) && !others.includes(item.type) : item.role === 'assistant';

function readRequest(body: JsonObject): AskedTurn {
  const items = inputOf(body);
  const { before, since } = aroundAnswers(items, isAnswer);
  const saidBy = (role: RegExp, list: readonly JsonObject[]) =>
    list.filter((one) => role.test(textIn(one.role))).map(({ content }) => textsOf(content));
  const results = since.filter(isResult);
  const ids = placedIds(results.map(callIdOf));
  const continues =
    textIn(body.previous_response_id) || textIn(body.conversation) || textIn(objectIn(body.conversation).id);
  return {
    model: textIn(body.model),
    stream: body.stream === true,
    system: joined([textIn(body.instructions), ...saidBy(/^(system|developer)$/, before)]),
    opening: joined(saidBy(/^user$/, before)),
    said: joined(saidBy(/^user$/, since)),
    tools: objectsIn(body.tools).flatMap((tool) => offeredTools(tool)),
    results: results.map((item, place) => ({
      providerId: ids[place] as string,
      content: contentsOf(outputIn(item)),
    })),
    answers: items.filter((item, at) => isAnswer(item) && !isAnswer(items[at - 1] ?? { role: 'user' }))
      .length,
    ...boundIn(body, 'max_output_tokens'),
    ...(continues !== '' && { continues }),
    ...(items.at(-1)?.type === 'compaction_trigger' && { compacts: true as const }),
    ...(body.background === true && { unsupported: 'an answer in the background is asked for' }),
  };
}

/** What a result says; that of a shell is a text for each of its streams. */
function outputIn({ output, type, tools }: JsonObject): Json | undefined {
  if (type !== 'shell_call_output') return output ?? tools;
  return objectsIn(output).map(({ stdout, stderr }) => joined([textIn(stdout), textIn(stderr)]));
}

const hosted = /^(web_search|file_search|code_interpreter|image_generation|mcp|computer)/;

function offeredTools(tool: JsonObject, namespace?: string): OfferedTool[] {
  const type = textIn(tool.type);
  if (type === 'namespace')
    return objectsIn(tool.tools).flatMap((one) => offeredTools(one, textIn(tool.name)));
  const name = textIn(tool.name) || type;
  return [
    {
      name: nameIn(namespace, name),
      description: textIn(tool.description),
      inputSchema: objectIn(tool.parameters),
      ...(hosted.test(type) && { hosted: true as const }),
    },
  ];
}

function gather(answer: WireAnswer): { gathered: ResponseAnswer; problem: string | undefined } {
  const gathered = emptyResponse();
  const { values, problem } = valuesIn(answer);
  for (const value of values) {
    if (isStream(answer)) addResponseEvent(gathered, value);
    else addResponse(gathered, value);
  }
  const brokenOff = gathered.isWhole ? undefined : 'the answer ended before it was complete';
  return { gathered, problem: problem ?? failureIn(gathered)?.message ?? brokenOff };
}

function read(answer: WireAnswer): { items: JsonObject[]; turn: AnsweredTurn } {
  const { gathered, problem } = gather(answer);
  const items = itemsOf(gathered);
  const { model, usage, id } = gathered.response;
  const called = items.filter(isCall);
  const ids = placedIds(called.map(callIdOf));
  const turn = turnOf({
    ...saidIn(gathered),
    calls: called.map((item, place) => callIn(item, ids[place] as string)),
    hosted: items.flatMap(hostedTool),
    model: textIn(model) || undefined,
    usage: isJsonObject(usage) ? usage : undefined,
    ...(textIn(id) !== '' && { responseId: textIn(id) }),
    problem,
  });
  return { items, turn };
}
