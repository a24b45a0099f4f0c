import { createHash } from 'node:crypto';
import type {
  ChatCompletionContentPart,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { textOf } from '../../schema/content.ts';
import type { DecidedCall } from '../../schema/decision.ts';
import { exactJson, markBigInteger, parseExactly } from '../../schema/exact-json.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { Observation, View, ViewStep } from '../../schema/view.ts';
import { sentBack } from './native.ts';
import type { WireTools } from './wire-tools.ts';

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
  idOf(call: DecidedCall): string;
}

/** The provider's own id of a call, or one made of its place where the provider gave none or the same one again. */
function uniqueIds(): Asked['idOf'] {
  const ids = new Map<DecidedCall, string>();
  const used = new Set<string>();
  return (call) => {
    const known = ids.get(call);
    if (known !== undefined) return known;
    let id = call.providerId ?? placeId(call);
    if (used.has(id)) id = placeId(call);
    while (used.has(id)) id += '_';
    used.add(id);
    ids.set(call, id);
    return id;
  };
}

const placeId = ({ callId }: DecidedCall) => `call_${callId.replace('.', '_')}`;

function stepMessages(step: ViewStep, asked: Asked): ChatCompletionMessageParam[] {
  const { calls } = step.decision;
  const notice = step.begins ?? step.notice ?? (calls.length === 0 ? nudge : undefined);
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
    function: { name: tools.nameOf(call.tool), arguments: argumentsOf(call, tools) },
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

// Many servers parse the arguments of earlier calls and fail on what is no JSON.
const argumentsOf = ({ tool, arguments: args, malformed, exact }: DecidedCall, tools: WireTools) => {
  if (malformed !== undefined) return JSON.stringify({ malformed });
  const whole = exact === undefined ? args : (parseExactly(exact, markBigInteger) as JsonObject);
  return exactJson(tools.toWire(tool, whole));
};

const prompt = `You are an agent that works on one task by itself. You act only through the tools; nobody reads along or answers you, unless a tool does. What you do with the tools is really done.

Look before you act, do what the task asks and nothing beyond it, and check your work. A tool's long output is shown to you with its middle left out.

When you are done, or when the task cannot or should not be done, call \`submit\`. It ends the task. If the task asks for an answer, give it as the argument \`answer\`.`;

/** Identifies the prompt in a trace, so that trials under different prompts are not taken for the same agent. */
export const promptDigest = createHash('sha256').update(prompt).digest('hex');

const nudge = 'You made no tool call. Go on with the task, or call `submit` if you are done.';

/** The system message: how to work, the environment's guidance, and descriptions of tools that no endpoint takes whole. */
function systemPrompt({ guidance }: Pick<View, 'guidance'>, { long }: WireTools): string {
  const parts = [
    prompt,
    ...(guidance === undefined ? [] : [`# Guidance\n\n${guidance}`]),
    ...long.map(({ name, description }) => `# Tool \`${name}\`\n\n${description}`),
  ];
  return parts.join('\n\n');
}
