import type { Part } from '@google/genai/web';
import type { Decision } from '../../schema/decision.ts';
import { isJsonObject, type JsonObject } from '../../schema/json.ts';
import type { Answer } from './answer.ts';

const provider = 'google';

/** Keeps the parts where they say more than text and calls do: thoughts and signatures. Calls leave their place only. */
export function nativeOf({ parts }: Answer, model: string): Decision['native'] {
  const isPlain = (part: JsonObject) => Object.keys(part).every((key) => /^(text|functionCall)$/.test(key));
  if (parts.every(isPlain)) return undefined;
  const items = parts.map((part) => (part.functionCall ? { ...part, functionCall: {} } : part));
  return { provider, model, items };
}

/** Stands for a signature in calls that another model made, which newer models refuse without one. */
const foreignSignature = 'skip_thought_signature_validator';

/** The parts of a decision: its own, with its calls in their places, or made anew where another model made the decision. */
export function partsOf({ native, text = '' }: Decision, model: string, calls: readonly Part[]): Part[] {
  const own = native?.provider === provider && native.model === model ? native.items : undefined;
  if (!own)
    return [...(text === '' ? [] : [{ text }]), ...(wantsSignature.test(model) ? signed(calls) : calls)];
  const left = [...calls];
  const parts = own.filter(isJsonObject).flatMap((item): Part[] => {
    if (!item.functionCall) return [item as Part];
    const call = left.shift();
    return call ? [{ ...(item as Part), ...call }] : [];
  });
  return [...parts, ...left];
}

/** Models that refuse calls of theirs without a signature. */
const wantsSignature = /^gemini-([3-9]|\d\d)/;

const signed = ([first, ...rest]: readonly Part[]): Part[] =>
  first ? [{ ...first, thoughtSignature: foreignSignature }, ...rest] : [];
