import { createHash } from 'node:crypto';
import type { JsonObject } from '../../schema/json.ts';
import { placedIds } from './call.ts';
import { isChanged } from './change.ts';
import type { AnswerChanges, WireAnswer } from './dialect.ts';
import { isStream, readEvents, type StreamEvent, writeEvents } from './event-stream.ts';
import { objectIn, objectsIn, textIn } from './field.ts';
import { argumentsIn, callIdOf, fieldOf, isCall } from './responses-item.ts';

/** A response with other calls. What is said stands before the first call, so that reasoning keeps something that follows it. */
export function rewriteResponse(answer: WireAnswer, changes: AnswerChanges): WireAnswer {
  if (!isChanged(changes)) return answer;
  if (!isStream(answer)) {
    const response: JsonObject = JSON.parse(answer.body);
    return { ...answer, body: JSON.stringify(changedResponse(response, changes)) };
  }
  const events = readEvents(answer.body);
  const told = events
    .filter(({ data }) => data.trim() !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as JsonObject);
  const end = events.filter(({ data }) => data.trim() === '[DONE]');
  const named = events.some(({ event }) => event !== undefined);
  const changed = changedEvents(told, changes).map((value, number): StreamEvent => {
    const numbered = value.sequence_number === undefined ? value : { ...value, sequence_number: number };
    return { ...(named && { event: textIn(value.type) }), data: JSON.stringify(numbered) };
  });
  return { ...answer, body: writeEvents([...changed, ...end]) };
}

const changedResponse = (response: JsonObject, changes: AnswerChanges): JsonObject =>
  Array.isArray(response.output)
    ? { ...response, output: changedItems(objectsIn(response.output), changes) }
    : response;

/** What becomes of each item: the item, changed or not, or nothing. */
function fates(items: readonly JsonObject[], { calls }: AnswerChanges): (JsonObject | undefined)[] {
  const called = items.filter(isCall);
  const ids = placedIds(called.map(callIdOf));
  return items.map((item) => {
    const change = calls.get(ids[called.indexOf(item)] ?? '');
    if (change === 'removed') return undefined;
    if (change === undefined) return item;
    return { ...item, [fieldOf(item)]: argumentsIn(item, change) };
  });
}

function changedItems(items: readonly JsonObject[], changes: AnswerChanges): JsonObject[] {
  // An empty list is what some servers end their stream with.
  if (items.length === 0) return [];
  const kept = fates(items, changes);
  const said = changes.say === undefined ? [] : [sayItem(changes.say)];
  const at = sayPlace(items);
  return [...kept.slice(0, at), ...said, ...kept.slice(at)].filter((item) => item !== undefined);
}

/** Where something is said: before the first call, else at the end. */
const sayPlace = (items: readonly JsonObject[]) => {
  const first = items.findIndex(isCall);
  return first < 0 ? items.length : first;
};

const sayItem = (text: string): JsonObject => ({
  id: `msg_${createHash('sha256').update(text).digest('hex').slice(0, 48)}`,
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
});

/** The events of a stream, sorted by their items. */
function changedEvents(events: readonly JsonObject[], changes: AnswerChanges): JsonObject[] {
  const groups = new Map<number, JsonObject[]>();
  const before: JsonObject[] = [];
  const after: JsonObject[] = [];
  for (const event of events) {
    const at = event.output_index;
    if (typeof at === 'number') groups.set(at, [...(groups.get(at) ?? []), event]);
    else if (groups.size === 0) before.push(event);
    else
      after.push(
        'response' in event
          ? { ...event, response: changedResponse(objectIn(event.response), changes) }
          : event,
      );
  }
  const sorted = [...groups].sort(([one], [other]) => one - other).map(([, group]) => group);
  const items = sorted.map((group) => objectIn(group.findLast(({ item }) => item !== undefined)?.item));
  const kept = fates(items, changes).map((item, at) => {
    const group = sorted[at] as JsonObject[];
    return item === undefined ? [] : [item === items[at] ? group : changedGroup(group, item)];
  });
  const place = sayPlace(items);
  const said = changes.say === undefined ? [] : [sayEvents(changes.say, events)];
  const all = [...kept.slice(0, place).flat(), ...said, ...kept.slice(place).flat()];
  return [
    ...before,
    ...all.flatMap((group, at) => group.map((event) => ({ ...event, output_index: at }))),
    ...after,
  ];
}

/** The events of one call with other arguments, which come in one piece. */
function changedGroup(group: readonly JsonObject[], item: JsonObject): JsonObject[] {
  const field = fieldOf(item);
  let isTold = false;
  return group.flatMap((event) => {
    if (event.type === 'response.output_item.done') return [{ ...event, item }];
    if (event.item !== undefined) {
      const begun = objectIn(event.item);
      return [{ ...event, item: begun[field] === '' ? begun : { ...begun, [field]: item[field] ?? null } }];
    }
    if (event.delta !== undefined) {
      const delta = isTold ? [] : [{ ...event, delta: item[field] ?? '' }];
      isTold = true;
      return delta;
    }
    return [field in event ? { ...event, [field]: item[field] ?? '' } : event];
  });
}

/** The events of something said, numbered where the others are. */
function sayEvents(text: string, events: readonly JsonObject[]): JsonObject[] {
  const item = sayItem(text);
  const place = { item_id: item.id ?? '', content_index: 0 };
  const part = { type: 'output_text', text: '', annotations: [] };
  const numbered = events.some((event) => event.sequence_number !== undefined) ? { sequence_number: 0 } : {};
  return [
    { type: 'response.output_item.added', item: { ...item, status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...place, part },
    { type: 'response.output_text.delta', ...place, delta: text, logprobs: [] },
    { type: 'response.output_text.done', ...place, text, logprobs: [] },
    { type: 'response.content_part.done', ...place, part: { ...part, text } },
    { type: 'response.output_item.done', item },
  ].map((event) => ({ ...event, ...numbered }));
}
