import type {
  ChatCompletionContentPart,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { textOf } from '../../schema/content.ts';
import type { DecidedCall } from '../../schema/decision.ts';
import { exactJson } from '../../schema/exact-json.ts';
import type { Observation, View, ViewStep } from '../../schema/view.ts';
import { uniqueIds, wireArguments } from '../model/call-back.ts';
import { noticeAfter, systemPrompt } from '../model/prompt.ts';
import type { WireTools } from '../model/wire-tools.ts';
import { sentBack } from './native.ts';

/** The whole conversation, made from the view alone. */
export function messagesOf(view: View, model: string, tools: WireTools): ChatCompletionMessageParam[] {
  const asked: Asked = { model, tools, idOf: uniqueIds() };
  return [
    { role: 'system', content: systemPrompt(view, tools) },
    { role: 'user', content: view.instruction },
    ...view.steps.flatMap((step) => stepMessages(step, asked)),
  ];
}

interface Asked {
  model: string;
  tools: WireTools;
  idOf: ReturnType<typeof uniqueIds>;
}

function stepMessages(step: ViewStep, asked: Asked): ChatCompletionMessageParam[] {
  const { calls } = step.decision;
  const notice = noticeAfter(step);
  return [
    decisionMessage(step, asked),
    ...calls.map((call) => resultMessage(call, step.observations, asked.idOf(call))),
    ...imageMessages(step.observations),
    ...(notice === undefined ? [] : [{ role: 'user' as const, content: notice }]),
  ];
}

function decisionMessage({ decision }: ViewStep, { model, tools, idOf }: Asked): ChatCompletionMessageParam {
  const back = sentBack(decision, model);
  const calls = decision.calls.map((call, index) => ({
    id: idOf(call),
    type: 'function' as const,
    function: { name: tools.nameOf(call.tool), arguments: exactJson(wireArguments(call, tools)) },
    ...back.call(index),
  }));
  return {
    role: 'assistant',
    content: decision.text ?? (calls.length > 0 ? null : ''),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...back.message,
  };
}

function resultMessage(
  call: DecidedCall,
  observations: Observation[],
  id: string,
): ChatCompletionMessageParam {
  const observation = observations.find(({ callId }) => callId === call.callId);
  return {
    role: 'tool',
    tool_call_id: id,
    content: observation ? textOf(observation.content) : 'This call was not made.',
  };
}

// A tool message holds text only, so images follow in a message of their own.
function imageMessages(observations: Observation[]): ChatCompletionMessageParam[] {
  const parts = observations.flatMap(({ tool, content }) =>
    content.flatMap((block): ChatCompletionContentPart[] => {
      if (block.type !== 'image') return [];
      const url = `data:${block.mimeType};base64,${block.data}`;
      return [
        { type: 'text', text: `Image from ${tool}:` },
        { type: 'image_url', image_url: { url } },
      ];
    }),
  );
  return parts.length > 0 ? [{ role: 'user', content: parts }] : [];
}
