import type { Json, JsonObject } from '../../schema/json.ts';
import type { WrittenCall } from '../openai/call-parts.ts';
import { writtenArguments } from './call.ts';
import { isChanged } from './change.ts';
import type { AnswerChanges, AnsweredCall, WireAnswer } from './dialect.ts';
import { isStream, readEvents, type StreamEvent, writeEvents } from './event-stream.ts';
import { objectIn, objectsIn, textIn } from './field.ts';

/** A call as a whole message has it, with `args` in the place of its own. */
export function wireCall(
  { name, arguments: written, extra, custom }: WrittenCall,
  { providerId, kind }: AnsweredCall,
  args?: JsonObject,
): JsonObject {
  const text = args ? writtenArguments(args, kind) : written;
  return {
    id: providerId,
    ...(custom
      ? { type: 'custom', custom: { name, input: text } }
      : { type: 'function', function: { name, arguments: text } }),
    ...extra,
  };
}

/** An answer with other calls: those that are left come whole, after all that was said and before the end. */
export function rewriteChat(
  answer: WireAnswer,
  { written, calls }: { written: readonly WrittenCall[]; calls: readonly AnsweredCall[] },
  changes: AnswerChanges,
): WireAnswer {
  if (!isChanged(changes)) return answer;
  const left = written.flatMap((one, place) => {
    const call = calls[place] as AnsweredCall;
    const change = changes.calls.get(call.providerId);
    return change === 'removed' ? [] : [wireCall(one, call, change)];
  });
  const body = isStream(answer)
    ? writeEvents(changedStream(readEvents(answer.body), left, changes.say))
    : JSON.stringify(changedCompletion(JSON.parse(answer.body), left, changes.say));
  return { ...answer, body };
}

/** Why an answer ended, where its calls are gone. */
const endOf = (reason: Json, left: readonly JsonObject[]): Json =>
  left.length === 0 && (reason === 'tool_calls' || reason === 'function_call') ? 'stop' : reason;

function changedCompletion(completion: JsonObject, left: JsonObject[], say: string | undefined): JsonObject {
  const [choice = {}] = objectsIn(completion.choices);
  const { tool_calls: _, function_call: __, ...message } = objectIn(choice.message);
  const content = [textIn(message.content), say ?? ''].filter((text) => text !== '').join('\n\n');
  return {
    ...completion,
    choices: [
      {
        ...choice,
        finish_reason: endOf(choice.finish_reason ?? null, left),
        message: { ...message, content: content || null, ...(left.length > 0 && { tool_calls: left }) },
      },
    ],
  };
}

const isEnd = ({ data }: StreamEvent) => data.trim() === '[DONE]';

function changedStream(
  events: readonly StreamEvent[],
  left: JsonObject[],
  say: string | undefined,
): StreamEvent[] {
  const chunks = events.filter((event) => !isEnd(event)).map(({ data }) => JSON.parse(data) as JsonObject);
  const choiceOf = ({ choices }: JsonObject) => objectsIn(choices)[0];
  const saidIn = (chunk: JsonObject) => textIn(objectIn(choiceOf(chunk)?.delta).content);
  const { usage: _, ...head } = chunks.find((chunk) => choiceOf(chunk) !== undefined) ?? {};
  const made = (delta: JsonObject) => ({ ...head, choices: [{ index: 0, delta, finish_reason: null }] });
  const space = chunks.some((chunk) => saidIn(chunk) !== '') ? '\n\n' : '';
  const added = [
    ...(say === undefined ? [] : [made({ content: `${space}${say}` })]),
    ...(left.length === 0 ? [] : [made({ tool_calls: left.map((call, index) => ({ index, ...call })) })]),
  ];
  const before: JsonObject[] = [];
  const after: JsonObject[] = [];
  for (const chunk of chunks) {
    const choice = choiceOf(chunk);
    const end = choice?.finish_reason ?? null;
    const out = end !== null || after.length > 0 ? after : before;
    if (choice) out.push(...withoutCalls(chunk, choice, endOf(end, left)));
    else out.push(chunk);
  }
  const changed = [...before, ...added, ...after].map((chunk) => ({ data: JSON.stringify(chunk) }));
  return [...changed, ...events.filter(isEnd)];
}

/** A chunk without what it has of calls; nothing where it has nothing else. */
function withoutCalls(chunk: JsonObject, choice: JsonObject, end: Json): JsonObject[] {
  const { message, ...rest } = choice;
  const { tool_calls, function_call, ...delta } = objectIn(choice.delta ?? message);
  const isEmpty = (tool_calls ?? function_call) !== undefined && Object.keys(delta).length === 0;
  if (isEmpty && end === null && !chunk.usage) return [];
  return [{ ...chunk, choices: [{ ...rest, delta, finish_reason: end }] }];
}
