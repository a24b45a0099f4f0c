import type {
  ContentBlockParam,
  ImageBlockParam,
  MessageParam,
  TextBlockParam,
  ToolResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import { type Content, textOf } from '../../schema/content.ts';
import type { DecidedCall } from '../../schema/decision.ts';
import type { Observation, View, ViewStep } from '../../schema/view.ts';
import { uniqueIds, wireArguments } from '../model/call-back.ts';
import { noticeAfter } from '../model/prompt.ts';
import type { WireTools } from '../model/wire-tools.ts';
import { blocksOf, textBlocks } from './native.ts';

interface Asked {
  model: string;
  tools: WireTools;
  idOf(call: DecidedCall): string;
}

/** The whole conversation, made from the view alone. */
export function messagesOf(view: View, model: string, tools: WireTools): MessageParam[] {
  const asked: Asked = { model, tools, idOf: uniqueIds(/^[A-Za-z0-9_-]+$/) };
  return [
    { role: 'user', content: [{ type: 'text', text: view.instruction }] },
    ...view.steps.flatMap((step) => stepMessages(step, asked)),
  ];
}

function stepMessages(step: ViewStep, { model, tools, idOf }: Asked): MessageParam[] {
  const { decision, observations } = step;
  const calls = decision.calls.map((call) => ({
    type: 'tool_use' as const,
    id: idOf(call),
    name: tools.nameOf(call.tool),
    input: wireArguments(call, tools),
  }));
  const content = blocksOf(decision, model, calls);
  const notice = noticeAfter(step);
  // Results stand first in the message after their calls, or they are refused.
  const answers: ContentBlockParam[] = [
    ...decision.calls.map((call) => resultBlock(call, observations, idOf(call))),
    ...textBlocks(notice ?? ''),
  ];
  return [
    ...(content.length > 0 ? [{ role: 'assistant' as const, content }] : []),
    ...(answers.length > 0 ? [{ role: 'user' as const, content: answers }] : []),
  ];
}

function resultBlock(call: DecidedCall, observations: Observation[], id: string): ToolResultBlockParam {
  const observation = observations.find(({ callId }) => callId === call.callId);
  const content = observation ? resultContent(observation.content) : textBlocks('This call was not made.');
  return {
    type: 'tool_result',
    tool_use_id: id,
    ...(content.length > 0 && { content }),
    ...(observation?.isError && { is_error: true }),
  };
}

const resultContent = (blocks: Content[]): (TextBlockParam | ImageBlockParam)[] => [
  ...textBlocks(textOf(blocks)),
  ...blocks.flatMap((block): ImageBlockParam[] => {
    if (block.type !== 'image' || !isShown(block.mimeType)) return [];
    return [{ type: 'image', source: { type: 'base64', media_type: block.mimeType, data: block.data } }];
  }),
];

type ShownType = Extract<ImageBlockParam['source'], { type: 'base64' }>['media_type'];
const shown: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] satisfies ShownType[];

/** The kinds of images that the endpoint takes; of others the text says that they are there. */
const isShown = (type: string): type is ShownType => shown.includes(type);
