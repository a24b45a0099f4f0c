import type { Content } from '../../schema/content.ts';
import type { Decision, TokenUsage } from '../../schema/decision.ts';
import type { Step } from '../../schema/trial.ts';
import type { BodyReader } from '../../trace/body-store.ts';
import { resolveDecision } from '../../trace/stored-decision.ts';
import type { ScoredTrial } from '../scored-trial.ts';
import type { InspectMessage, InspectUsage } from './log.ts';

/** The conversation of a trial, as the agent had it. */
export function messagesOf({ trial, bodies }: ScoredTrial): InspectMessage[] {
  const { task, trial: id } = trial.started;
  const opening: InspectMessage[] = [
    ...(task.guidance === undefined
      ? []
      : [{ role: 'system' as const, content: bodies.text(task.guidance), id: `${id}-system` }]),
    { role: 'user', content: bodies.text(task.instruction), id: `${id}-user`, source: 'input' },
  ];
  return [...opening, ...trial.steps.flatMap((step) => stepMessages(step, id, bodies))];
}

function stepMessages(step: Step, trial: string, bodies: BodyReader): InspectMessage[] {
  return [
    assistantMessage(step, trial, bodies),
    ...toolMessages(step, trial, bodies),
    ...told(step.notice, `${trial}-${step.index}-notice`),
    ...told(step.begins === undefined ? undefined : bodies.text(step.begins), `${trial}-${step.index}-phase`),
  ];
}

const told = (content: string | undefined, id: string): InspectMessage[] =>
  content === undefined ? [] : [{ role: 'user', content, id }];

export function assistantMessage(step: Step, trial: string, bodies: BodyReader): InspectMessage {
  const decision = resolveDecision(step.decision, bodies);
  const { text = '', reasoning, model } = decision;
  return {
    role: 'assistant',
    content:
      reasoning === undefined
        ? text
        : [
            { type: 'reasoning', reasoning },
            { type: 'text', text },
          ],
    id: `${trial}-${step.index}`,
    source: 'generate',
    ...(model !== undefined && { model }),
    ...(decision.calls.length > 0 && { tool_calls: decision.calls.map(toolCall) }),
  };
}

function toolCall({ callId, tool, arguments: args, malformed }: Decision['calls'][number]) {
  return {
    id: callId,
    function: tool,
    arguments: args,
    type: 'function',
    ...(malformed !== undefined && { parse_error: malformed }),
  };
}

function toolMessages(step: Step, trial: string, bodies: BodyReader): InspectMessage[] {
  return step.calls.flatMap(({ callId, tool, returned }) => {
    if (!returned) return [];
    const content = bodies.content(returned.content);
    return [
      {
        role: 'tool' as const,
        content: inspectContent(content),
        id: `${trial}-${callId}`,
        tool_call_id: callId,
        function: tool,
        ...(returned.isError && { error: { type: 'unknown', message: plainText(content) } }),
      },
    ];
  });
}

/** Text where it is all text, else parts; images as data URLs. */
export function inspectContent(blocks: readonly Content[]): InspectMessage['content'] {
  const [only] = blocks;
  if (blocks.length === 1 && only?.type === 'text') return only.text;
  return blocks.map((block) => {
    if (block.type === 'text') return { type: 'text', text: block.text };
    if (block.type === 'other') return { type: 'text', text: block.json };
    const url = `data:${block.mimeType};base64,${block.data}`;
    if (block.type === 'image') return { type: 'image', image: url, detail: 'auto' };
    return { type: 'audio', audio: url, format: block.mimeType.includes('mp3') ? 'mp3' : 'wav' };
  });
}

export function plainText(blocks: readonly Content[]): string {
  return blocks.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n');
}

export function inspectUsage({ input, output, cached, reasoning }: TokenUsage): InspectUsage {
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    input_tokens_cache_read: cached ?? null,
    input_tokens_cache_write: null,
    reasoning_tokens: reasoning ?? null,
  };
}
