import type { Content } from '../../schema/content.ts';
import type { TokenUsage } from '../../schema/decision.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { Outcome } from '../../schema/outcome.ts';
import { type ForeignCall, type ForeignStep, type ForeignTrial, tell } from '../foreign/foreign-trial.ts';
import {
  type InspectLog,
  type InspectMessage,
  type InspectSample,
  type SampleFacts,
  sampleFacts,
} from './log.ts';

/** A sample of a log as a trial. What Proctor exported is read with the facts it put into the metadata. */
export function trialOfSample(sample: InspectSample, { eval: evaluation }: InspectLog): ForeignTrial {
  const parsed = sampleFacts.safeParse(sample.metadata?.proctor);
  const facts = parsed.success ? parsed.data : undefined;
  const conversation = conversationOf(sample.messages, facts);
  const usage = usageOf(sample);
  const rewards = rewardsOf(sample);
  const limit = sample.limit ? outcomeOfLimit[sample.limit.type] : undefined;
  const outcome = sample.error ? 'infrastructure-error' : limit;
  return {
    task: String(sample.id),
    ...conversation,
    agent: { name: `inspect:${evaluation.model}`, model: evaluation.model },
    tools: [],
    ...(usage && { usage }),
    ...(rewards && { rewards }),
    ...(outcome && { outcome }),
    ...(sample.error && { error: { code: 'foreign', message: sample.error.message } }),
    ...(sample.started_at && { startedAt: sample.started_at }),
    ...(facts && { facts: facts.trial }),
    losses: lossesOf(sample, facts),
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

type Conversation = Pick<ForeignTrial, 'instruction' | 'guidance' | 'steps'>;

function conversationOf(messages: readonly InspectMessage[], facts: SampleFacts | undefined): Conversation {
  const steps: ForeignStep[] = [];
  const told = { system: [] as string[], user: [] as string[] };
  for (const message of messages) {
    const last = steps.at(-1);
    if (message.role === 'assistant') steps.push(stepOf(message, facts?.steps[steps.length]));
    else if (message.role === 'tool') answer(steps, message, facts);
    else if (last) tell(last, textIn(message));
    else told[message.role].push(textIn(message));
  }
  return {
    steps,
    instruction: told.user.join('\n\n'),
    ...(told.system.length > 0 && { guidance: told.system.join('\n\n') }),
  };
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
        id: call.id,
        tool: call.function,
        arguments: call.arguments as JsonObject,
        ...(malformed !== undefined && { malformed }),
        ...(known && { facts: known }),
      };
    }),
    ...(facts && { facts: facts.step }),
  };
}

/** Gives an answer to the latest call of its id. */
function answer(steps: ForeignStep[], message: InspectMessage, facts: SampleFacts | undefined): void {
  const position = steps.findLastIndex(({ calls }) => calls.some(({ id }) => id === message.tool_call_id));
  const index = steps[position]?.calls.findIndex(({ id }) => id === message.tool_call_id) ?? -1;
  const call = steps[position]?.calls[index];
  if (!call) return;
  const known = facts?.steps[position]?.calls[index]?.result;
  const content = contentOf(message.content);
  const shown = content.length === 0 && message.error ? [text(message.error.message)] : content;
  call.result = { content: shown, isError: message.error != null, ...(known && { facts: known }) };
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

function usageOf({ model_usage }: InspectSample): TokenUsage | undefined {
  const usages = Object.values(model_usage);
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

/** Scores as rewards: numbers, truth values, and Inspect's letters for correct, incorrect, partial and no answer. */
function rewardsOf({ scores }: InspectSample): Record<string, number> | undefined {
  const rewards = Object.entries(scores ?? {}).flatMap(([name, { value }]): [string, number][] => {
    if (typeof value === 'number') return [[name, value]];
    if (typeof value === 'boolean') return [[name, value ? 1 : 0]];
    const letter = typeof value === 'string' ? letters[value] : undefined;
    return letter === undefined ? [] : [[name, letter]];
  });
  return rewards.length > 0 ? Object.fromEntries(rewards) : undefined;
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
