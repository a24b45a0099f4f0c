import type { Content } from '../../schema/content.ts';
import type { TokenUsage } from '../../schema/decision.ts';
import type { Json, JsonObject } from '../../schema/json.ts';
import type { Outcome } from '../../schema/outcome.ts';
import type { Answer } from '../foreign/answer.ts';
import { conversationOf, type Turn } from '../foreign/conversation.ts';
import type { ForeignCall, ForeignStep, ForeignTrial } from '../foreign/foreign-trial.ts';
import {
  type InspectLog,
  type InspectMessage,
  type InspectSample,
  type SampleFacts,
  sampleFacts,
} from './log.ts';

/** A sample of a log as a trial. What Proctor exported is read with the facts it put into the metadata. */
export function trialOfSample(
  sample: InspectSample,
  { eval: evaluation }: Pick<InspectLog, 'eval'>,
): ForeignTrial {
  const parsed = sampleFacts.safeParse(sample.metadata?.proctor);
  const facts = parsed.success ? parsed.data : undefined;
  const conversation = conversationOf(turnsOf(sample.messages, facts));
  for (const [index, { calls }] of conversation.steps.entries()) addResultFacts(calls, facts?.steps[index]);
  const usage = usageOf(sample);
  const { rewards, lost } = rewardsOf(sample);
  const limit = sample.limit ? outcomeOfLimit[sample.limit.type] : undefined;
  const outcome = sample.error ? 'infrastructure-error' : limit;
  return {
    task: `${evaluation.task}/${sample.id}`,
    attempt: sample.epoch,
    ...(sample.uuid && { id: sample.uuid }),
    ...conversation,
    agent: { name: `inspect:${evaluation.model}`, model: evaluation.model },
    tools: [],
    ...(usage && { usage }),
    ...(Object.keys(rewards).length > 0 && { rewards }),
    ...(outcome && { outcome }),
    ...(sample.error && { error: { code: 'foreign', message: sample.error.message } }),
    ...(sample.started_at && { startedAt: sample.started_at }),
    ...(sample.completed_at && { endedAt: sample.completed_at }),
    ...(facts && { facts: facts.trial }),
    losses: [...conversation.losses, ...lost, ...lossesOf(sample, facts)],
  };
}

const outcomeOfLimit: Record<string, Outcome> = {
  message: 'out-of-steps',
  token: 'out-of-tokens',
  time: 'timed-out',
  working: 'timed-out',
  cost: 'out-of-budget',
  context: 'out-of-context',
};

function* turnsOf(messages: readonly InspectMessage[], facts: SampleFacts | undefined): Generator<Turn> {
  let step = 0;
  for (const [index, message] of messages.entries()) {
    if (message.role === 'assistant') yield { decided: stepOf(message, facts?.steps[step++]) };
    else if (message.role === 'tool') yield { answered: answerOf(message, `messages[${index}]`) };
    else yield { told: textIn(message), by: message.role };
  }
}

function stepOf(message: InspectMessage, facts: SampleFacts['steps'][number] | undefined): ForeignStep {
  const { content, model, tool_calls: calls } = message;
  const text = textIn(message);
  const reasoning = typeof content === 'string' ? '' : texts(content, 'reasoning', 'reasoning');
  return {
    ...(text !== '' && { text }),
    ...(reasoning !== '' && { reasoning }),
    ...(model && { model }),
    calls: (calls ?? []).map((call, index): ForeignCall => {
      const known = facts?.calls[index]?.call;
      const malformed = known ? known.malformed : (call.parse_error ?? undefined);
      return {
        id: call.id ?? '',
        tool: call.function,
        arguments: call.arguments as JsonObject,
        ...(malformed !== undefined && { malformed }),
        ...(known && { facts: known }),
      };
    }),
    ...(facts && { facts: facts.step }),
  };
}

function answerOf(message: InspectMessage, place: string): Answer {
  const content = contentOf(message.content);
  const silent = message.content === '' || content.length === 0;
  const shown = silent && message.error ? [text(message.error.message)] : content;
  return {
    id: message.tool_call_id ?? '',
    ...(message.function && { tool: message.function }),
    place,
    result: { content: shown, isError: message.error != null },
  };
}

function addResultFacts(calls: ForeignCall[], facts: SampleFacts['steps'][number] | undefined): void {
  for (const [index, { result }] of calls.entries()) {
    const known = facts?.calls[index]?.result;
    if (result && known) result.facts = known;
  }
}

const text = (value: string): Content => ({ type: 'text', text: value });

function contentOf(content: InspectMessage['content']): Content[] {
  if (typeof content === 'string') return [text(content)];
  return content.map((part): Content => {
    const url = /^data:([^;,]+);base64,(.*)$/s.exec(String(part.image ?? part.audio ?? ''));
    if (part.type === 'text' && typeof part.text === 'string') return text(part.text);
    if (url && (part.type === 'image' || part.type === 'audio'))
      return { type: part.type, mimeType: url[1] ?? '', data: url[2] ?? '' };
    return { type: 'other', json: JSON.stringify(part) };
  });
}

const textIn = ({ content }: InspectMessage) =>
  typeof content === 'string' ? content : texts(content, 'text', 'text');

function texts(parts: readonly Record<string, unknown>[], type: string, field: string): string {
  return parts
    .filter((part) => part.type === type && typeof part[field] === 'string')
    .map((part) => part[field])
    .join('\n');
}

/** What all models used; older logs tell it of the last answer alone, which is all where there is one. */
function usageOf({ model_usage, output, messages }: InspectSample): TokenUsage | undefined {
  const answers = messages.filter(({ role }) => role === 'assistant').length;
  const last = answers === 1 ? output?.usage : undefined;
  const told = Object.values(model_usage);
  const usages = told.length === 0 && last ? [last] : told;
  if (usages.length === 0) return undefined;
  const sum = (key: 'input_tokens' | 'output_tokens' | 'input_tokens_cache_read') =>
    usages.reduce((total, usage) => total + (usage[key] ?? 0), 0);
  const cached = sum('input_tokens_cache_read');
  return {
    input: sum('input_tokens'),
    output: sum('output_tokens'),
    ...(cached > 0 && { cached }),
  };
}

const letters: Record<string, number> = { C: 1, I: 0, P: 0.5, N: 0 };

/**
 * Scores as rewards: shares from 0 to 1, truth values, and Inspect's letters for correct, incorrect, partial and no answer;
 * of a score with parts, each. What is none of these is lost and named.
 */
function rewardsOf({ scores }: InspectSample): { rewards: Record<string, number>; lost: string[] } {
  const rewards: Record<string, number> = {};
  const lost: string[] = [];
  const add = (name: string, value: Json): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [part, own] of Object.entries(value)) add(`${name}.${part}`, own);
      return;
    }
    const share =
      typeof value === 'string' ? letters[value] : typeof value === 'boolean' ? Number(value) : value;
    if (typeof share === 'number' && share >= 0 && share <= 1) rewards[name] = share;
    else lost.push(`score ${name} (${JSON.stringify(value)} is no share from 0 to 1)`);
  };
  for (const [name, { value }] of Object.entries(scores ?? {})) add(name, value as Json);
  return { rewards, lost };
}

function lossesOf(sample: InspectSample, facts: SampleFacts | undefined): string[] {
  if (facts) return [];
  const lost: [string, boolean][] = [
    ['events', sample.events.length > 0],
    ['store', Object.keys(sample.store).length > 0],
    ['metadata', Object.keys(sample.metadata ?? {}).length > 0],
    ['attachments', Object.keys(sample.attachments).length > 0],
    ['target', sample.target.length > 0],
  ];
  return lost.filter(([, there]) => there).map(([name]) => name);
}
