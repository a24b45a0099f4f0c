import type { Json, JsonObject } from '../../schema/json.ts';
import { isCall } from '../anthropic/answer.ts';
import { placedIds } from './call.ts';
import { isChanged } from './change.ts';
import type { AnswerChanges, WireAnswer } from './dialect.ts';
import { isStream, readEvents, writeEvents } from './event-stream.ts';
import { objectIn, objectsIn, textIn } from './field.ts';

/** A message with other calls. What is said is a block before the first call. */
export function rewriteMessage(answer: WireAnswer, changes: AnswerChanges): WireAnswer {
  if (!isChanged(changes)) return answer;
  const body = isStream(answer)
    ? writeEvents(
        changedEvents(
          readEvents(answer.body).map(({ data }) => JSON.parse(data)),
          changes,
        ).map((event) => ({ event: textIn(event.type), data: JSON.stringify(event) })),
      )
    : JSON.stringify(changedMessage(JSON.parse(answer.body), changes));
  return { ...answer, body };
}

/** New arguments of each block, that it is taken out, or that it stays. */
function fates(blocks: readonly JsonObject[], { calls }: AnswerChanges) {
  const called = blocks.filter(isCall);
  const ids = placedIds(called.map(({ id }) => textIn(id)));
  return blocks.map((block) => calls.get(ids[called.indexOf(block)] ?? '') ?? 'kept');
}

/** Where something is said: before the first call, else at the end. */
const sayPlace = (blocks: readonly JsonObject[]) => {
  const first = blocks.findIndex(isCall);
  return first < 0 ? blocks.length : first;
};

/** Why a message ended, where its calls may be gone. */
const endOf = (reason: Json | undefined, blocks: readonly JsonObject[]): Json =>
  reason === 'tool_use' && !blocks.some(isCall) ? 'end_turn' : (reason ?? null);

function changedMessage(message: JsonObject, changes: AnswerChanges): JsonObject {
  const blocks = objectsIn(message.content);
  const fate = fates(blocks, changes);
  const kept = blocks.map((block, at): JsonObject[] => {
    const change = fate[at] ?? 'kept';
    if (change === 'removed') return [];
    return [change === 'kept' ? block : { ...block, input: change }];
  });
  const said = changes.say === undefined ? [] : [{ type: 'text', text: changes.say }];
  const at = sayPlace(blocks);
  const content = [...kept.slice(0, at).flat(), ...said, ...kept.slice(at).flat()];
  return { ...message, content, stop_reason: endOf(message.stop_reason, content) };
}

/** The events of a stream, sorted by their blocks. */
function changedEvents(events: readonly JsonObject[], changes: AnswerChanges): JsonObject[] {
  const groups = new Map<number, JsonObject[]>();
  const before: JsonObject[] = [];
  const after: JsonObject[] = [];
  for (const event of events) {
    const { index } = event;
    if (typeof index === 'number') groups.set(index, [...(groups.get(index) ?? []), event]);
    else (groups.size === 0 ? before : after).push(event);
  }
  const sorted = [...groups].sort(([one], [other]) => one - other).map(([, group]) => group);
  const blocks = sorted.map((group) => objectIn(group[0]?.content_block));
  const fate = fates(blocks, changes);
  const kept = sorted.map((group, at): JsonObject[][] => {
    const change = fate[at] ?? 'kept';
    if (change === 'removed') return [];
    return [change === 'kept' ? group : callEvents(blocks[at] as JsonObject, change)];
  });
  const said = changes.say === undefined ? [] : [textEvents(changes.say)];
  const at = sayPlace(blocks);
  const all = [...kept.slice(0, at).flat(), ...said, ...kept.slice(at).flat()];
  const left = all.map((group) => objectIn(group[0]?.content_block));
  const end = after.map((event) => {
    if (event.type !== 'message_delta') return event;
    const delta = objectIn(event.delta);
    return { ...event, delta: { ...delta, stop_reason: endOf(delta.stop_reason, left) } };
  });
  return [...before, ...all.flatMap((group, index) => group.map((event) => ({ ...event, index }))), ...end];
}

const callEvents = (block: JsonObject, input: JsonObject): JsonObject[] => [
  { type: 'content_block_start', content_block: { ...block, input: {} } },
  { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) } },
  { type: 'content_block_stop' },
];

const textEvents = (text: string): JsonObject[] => [
  { type: 'content_block_start', content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', delta: { type: 'text_delta', text } },
  { type: 'content_block_stop' },
];
