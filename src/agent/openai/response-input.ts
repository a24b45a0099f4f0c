import type { ResponseFunctionCallOutputItem, ResponseInputItem } from 'openai/resources/responses/responses';
import { type Content, textOf } from '../../schema/content.ts';
import type { DecidedCall } from '../../schema/decision.ts';
import { exactJson } from '../../schema/exact-json.ts';
import type { Observation, View, ViewStep } from '../../schema/view.ts';
import { uniqueIds, wireArguments } from '../model/call-back.ts';
import { noticeAfter } from '../model/prompt.ts';
import type { WireTools } from '../model/wire-tools.ts';
import { itemsOfDecision } from './response-native.ts';

interface Asked {
  model: string;
  tools: WireTools;
  idOf(call: DecidedCall): string;
}

/** The whole conversation but for the instructions, made from the view alone. */
export function inputOf(view: View, model: string, tools: WireTools): ResponseInputItem[] {
  const asked: Asked = { model, tools, idOf: uniqueIds(/^.{1,64}$/s) };
  return [
    { role: 'user', content: view.instruction },
    ...view.steps.flatMap((step) => stepItems(step, asked)),
  ];
}

function stepItems(step: ViewStep, { model, tools, idOf }: Asked): ResponseInputItem[] {
  const { decision, observations } = step;
  const calls = decision.calls.map((call) => ({
    type: 'function_call',
    call_id: idOf(call),
    name: tools.nameOf(call.tool),
    arguments: exactJson(wireArguments(call, tools)),
  }));
  const notice = noticeAfter(step);
  return [
    ...itemsOfDecision(decision, model, calls),
    ...decision.calls.map((call) => resultItem(call, observations, idOf(call))),
    ...(notice === undefined ? [] : [{ role: 'user' as const, content: notice }]),
  ];
}

function resultItem(call: DecidedCall, observations: Observation[], call_id: string): ResponseInputItem {
  const observation = observations.find(({ callId }) => callId === call.callId);
  const output = observation ? outputOf(observation.content) : 'This call was not made.';
  return { type: 'function_call_output', call_id, output };
}

/** Text, or a list where there are images beside it. */
function outputOf(content: Content[]): string | ResponseFunctionCallOutputItem[] {
  const images = content.flatMap((block): ResponseFunctionCallOutputItem[] =>
    block.type === 'image'
      ? [{ type: 'input_image', image_url: `data:${block.mimeType};base64,${block.data}`, detail: 'auto' }]
      : [],
  );
  const text = textOf(content);
  return images.length === 0 ? text : [{ type: 'input_text', text }, ...images];
}
