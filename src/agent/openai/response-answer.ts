import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
import { type ModelUse, toUse } from '../model/model-use.ts';

/** What a model of the Responses API answered, gathered from the events of its stream. */
export interface ResponseAnswer {
  /** As it was told last. */
  response: JsonObject;
  /** Whole items, by their place. */
  items: JsonObject[];
  isWhole: boolean;
}

export const emptyResponse = (): ResponseAnswer => ({ response: {}, items: [], isWhole: false });

/** Adds one event; what it does not know, it passes over. */
export function addResponseEvent(answer: ResponseAnswer, event: JsonObject): void {
  const { type, response, item, output_index: place } = event;
  if (isJsonObject(response)) answer.response = response;
  if (type === 'response.output_item.done' && isJsonObject(item))
    answer.items[typeof place === 'number' ? place : answer.items.length] = item;
  if (/^response\.(completed|incomplete|failed|done)$/.test(String(type))) answer.isWhole = true;
}

/** Adds a response that came at once. */
export function addResponse(answer: ResponseAnswer, response: JsonObject): void {
  Object.assign(answer, { response, isWhole: true });
}

/** The items of an answer: those that came, else those of the response at its end. */
export const itemsOf = ({ items, response }: ResponseAnswer): JsonObject[] => {
  const came = Object.values(items);
  return came.length > 0 ? came : objects(response.output);
};

/** What a model wrote and thought, and how its answer ended. */
export function saidIn(answer: ResponseAnswer): {
  text: string;
  reasoning: string;
  stop: 'refused' | 'truncated' | undefined;
} {
  const items = itemsOf(answer);
  const ofType = (name: string) => items.filter(({ type }) => type === name);
  const parts = ofType('message').flatMap(({ content }) => objects(content));
  const thoughts = ofType('reasoning').map(({ summary, content }) => {
    const summaries = objects(summary);
    return (summaries.length > 0 ? summaries : objects(content)).map((one) => textIn(one.text)).join('\n\n');
  });
  const { status, incomplete_details: details } = answer.response;
  const isFiltered = isJsonObject(details) && details.reason === 'content_filter';
  const isRefused = isFiltered || parts.some(({ type }) => type === 'refusal');
  return {
    text: parts.map(({ text, refusal }) => textIn(text) || textIn(refusal)).join(''),
    reasoning: thoughts.filter((text) => text !== '').join('\n\n'),
    stop: isRefused ? 'refused' : status === 'incomplete' ? 'truncated' : undefined,
  };
}

/** Why a response failed; undefined where it did not. */
export function failureIn({ response }: ResponseAnswer): { code: string; message: string } | undefined {
  if (response.status !== 'failed') return undefined;
  const { code, message } = isJsonObject(response.error) ? response.error : {};
  return { code: textIn(code), message: textIn(message) || 'the answer failed' };
}

/** Model and tokens of an answer that called these tools. */
export function responseUse({ response }: ResponseAnswer, calls: string[]): ModelUse {
  const { model, usage } = response;
  return toUse(textIn(model) || undefined, isJsonObject(usage) ? usage : undefined, calls);
}

const objects = (value: Json | undefined) => (Array.isArray(value) ? value.filter(isJsonObject) : []);

const textIn = (value: Json | undefined) => (typeof value === 'string' ? value : '');
