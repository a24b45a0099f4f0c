import type { Decision } from '../../schema/decision.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { Asking } from '../model/ask.ts';
import type { ModelUse } from '../model/model-use.ts';
import type { Dialect, WireAnswer } from './dialect.ts';

/** A request of a program for a decision, or for an answer in a side conversation, as the model gets it. */
export interface SourceRequest {
  dialect: Dialect;
  path: string;
  body: JsonObject;
  /** Those that say how the endpoint is to answer, such as `anthropic-beta`. */
  headers?: Readonly<Record<string, string>>;
  /** See `conversationOf`. */
  conversation: string;
  /** How many decisions were made before it. */
  step: number;
}

export interface PlainRequest {
  method: string;
  path: string;
  body?: JsonObject;
  headers?: Readonly<Record<string, string>>;
}

export interface SourcedAnswer extends WireAnswer {
  /** Failed requests before it, and what they took as far as the endpoint told. */
  retries?: NonNullable<Decision['retries']>;
  before?: ModelUse[];
}

/** Who answers the model calls of a program: a model, or a record. */
export interface ModelSource {
  /** The answer, whole. Throws as `withRetries` does, or `diverged` where a record has no answer left. */
  answer(request: SourceRequest, asking: Asking): Promise<SourcedAnswer>;
  /** Answers what needs no decision: lists of models, token counts, embeddings. */
  plain(request: PlainRequest, asking: Asking): Promise<WireAnswer>;
}
