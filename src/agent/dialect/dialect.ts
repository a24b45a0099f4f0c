import type { Content } from '../../schema/content.ts';
import type { DecidedCall } from '../../schema/decision.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { ModelUse } from '../model/model-use.ts';

export type DialectName = 'chat' | 'responses' | 'messages';

/** How programs and models speak with each other. Everything here is pure. */
export interface Dialect {
  readonly name: DialectName;
  readRequest(body: JsonObject): AskedTurn;
  /** A request whose answer tells its tokens, where the protocol wants that to be asked for. */
  withUsage(body: JsonObject): JsonObject;
  /** What stands in an answer; never throws: see `problem`. */
  readAnswer(answer: WireAnswer): AnsweredTurn;
  /** The same answer in the same form, JSON or event stream, with calls changed. The very answer where nothing is to change. */
  rewrite(answer: WireAnswer, changes: AnswerChanges): WireAnswer;
  /**
   * The request that goes on after no call of an answer could be made: with the answer, and why as the result of each call, by the call's
   * `providerId`.
   */
  refused(body: JsonObject, answer: WireAnswer, reasons: ReadonlyMap<string, string>): JsonObject;
  /**
   * A request that continues an answer by its id, with results for those of its calls that the program never saw; the endpoint waits for
   * them. The very request where it holds the conversation itself.
   */
  withOwed(body: JsonObject, owed: readonly OwedResult[]): JsonObject;
  /** An error in the protocol's own form. */
  error(status: number, message: string): WireAnswer;
}

/** An answer as it comes over the wire, its body whole and in plain. */
export interface WireAnswer {
  status: number;
  contentType: string;
  body: string;
}

export interface AnswerChanges {
  /** New arguments of a call, or that it is taken out, by its `providerId`. */
  calls: ReadonlyMap<string, JsonObject | 'removed'>;
  /** What the model is made to say before its calls. */
  say?: string;
}

/** A call that was taken out of an answer, and why. */
export interface OwedResult {
  call: AnsweredCall;
  reason: string;
}

/** What a program asks of a model. */
export interface AskedTurn {
  model: string;
  stream: boolean;
  /** Instructions before the first answer. */
  system: string;
  /** What the user says before the first answer. */
  opening: string;
  /** What the user says since the last answer, beside results; all of it where there is no answer yet. */
  said: string;
  tools: OfferedTool[];
  /** Since the last answer. */
  results: AskedResult[];
  /** How many answers the request holds. */
  answers: number;
  /** Tokens that the answer may have. */
  maxTokens?: number;
  /** The id of the answer that is continued, where the request does not hold the conversation. */
  continues?: string;
  /** Whether the protocol says that it asks for a shorter form of the conversation. */
  compacts?: true;
  /** Why such a request can't be taken for one decision; absent where it can. */
  unsupported?: string;
}

export interface OfferedTool {
  name: string;
  description: string;
  inputSchema: JsonObject;
  /** Run by the provider itself, such as its web search: such calls have no result that a program sends. */
  hosted?: true;
}

interface AskedResult {
  providerId: string;
  content: Content[];
  isError?: boolean;
}

/** What a model answered. */
export interface AnsweredTurn {
  text?: string;
  reasoning?: string;
  calls: AnsweredCall[];
  /** Names of the tools that the provider ran itself. */
  hosted: string[];
  stop?: 'refused' | 'truncated';
  /** Model, tokens and cost as they are told; `calls` has the names of all tools, those of the provider too. */
  use: ModelUse;
  responseId?: string;
  /** Why it is no whole answer: an error, or a stream that broke off. What came before is read. */
  problem?: string;
}

/** A call of an answer. `providerId` is unique in it, and made of the call's place where the server gave none. */
export type AnsweredCall = Omit<DecidedCall, 'callId' | 'providerId'> & {
  providerId: string;
  /** The kind of the call where the protocol has several, such as `custom_tool_call`. */
  kind?: string;
};
