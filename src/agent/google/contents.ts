import type { Content, Part } from '@google/genai/web';
import { textOf } from '../../schema/content.ts';
import type { DecidedCall, Decision } from '../../schema/decision.ts';
import type { Observation, View, ViewStep } from '../../schema/view.ts';
import { wireArguments } from '../model/call-back.ts';
import { noticeAfter } from '../model/prompt.ts';
import type { WireTools } from '../model/wire-tools.ts';
import { partsOf } from './native.ts';

/** The whole conversation, made from the view alone. */
export const contentsOf = (view: View, model: string, tools: WireTools): Content[] => [
  { role: 'user', parts: [{ text: view.instruction }] },
  ...view.steps.flatMap((step) => stepContents(step, model, tools)),
];

function stepContents(step: ViewStep, model: string, tools: WireTools): Content[] {
  const { decision, observations } = step;
  const calls = decision.calls.map((call) => ({
    functionCall: {
      ...idOf(call, decision),
      name: tools.nameOf(call.tool),
      args: wireArguments(call, tools),
    },
  }));
  const parts = partsOf(decision, model, calls);
  const notice = noticeAfter(step);
  const answers = [
    ...decision.calls.map((call) => ({
      functionResponse: {
        ...idOf(call, decision),
        name: tools.nameOf(call.tool),
        response: responseTo(call, observations),
      },
    })),
    ...observations.flatMap(imageParts),
    ...(notice === undefined ? [] : [{ text: notice }]),
  ];
  return [
    ...(parts.length > 0 ? [{ role: 'model', parts }] : []),
    ...(answers.length > 0 ? [{ role: 'user', parts: answers }] : []),
  ];
}

/** The id that the provider gave a call, where it gives any and no two the same. */
function idOf({ providerId }: DecidedCall, { calls }: Decision): { id?: string } {
  const isOne = calls.filter((call) => call.providerId === providerId).length === 1;
  return providerId !== undefined && isOne ? { id: providerId } : {};
}

function responseTo(call: DecidedCall, observations: Observation[]): Record<string, unknown> {
  const observation = observations.find(({ callId }) => callId === call.callId);
  if (!observation) return { error: 'This call was not made.' };
  return { [observation.isError ? 'error' : 'output']: textOf(observation.content) };
}

/** Images follow the results: only some models take them inside. */
const imageParts = ({ tool, content }: Observation): Part[] =>
  content.flatMap((block): Part[] =>
    block.type === 'image'
      ? [{ text: `Image from ${tool}:` }, { inlineData: { mimeType: block.mimeType, data: block.data } }]
      : [],
  );
