import { createHash } from 'node:crypto';
import { ProctorError } from '../../errors.ts';
import type { Listener } from '../../sandbox/sandbox.ts';
import { textOf } from '../../schema/content.ts';
import type { SideCall } from '../../schema/decision.ts';
import type { ToolEffect } from '../../schema/effect.ts';
import type { Json, JsonObject } from '../../schema/json.ts';
import type { ListedTool } from '../../schema/trace-event.ts';
import type { View, ViewStep } from '../../schema/view.ts';
import type { AgentDecision, AgentSession, DecideOptions, JudgedCall, Performed } from '../agent.ts';
import { listOf } from '../dialect/conversation.ts';
import type { AnsweredTurn, AskedTurn, OwedResult, WireAnswer } from '../dialect/dialect.ts';
import type { ModelSource, PlainRequest, SourcedAnswer } from '../dialect/model-source.ts';
import { openaiError } from '../dialect/openai-error.ts';
import { type Side, sideOf } from '../dialect/side.ts';
import { lastWords } from '../last-words.ts';
import { type ModelUse, modelUse } from '../model/model-use.ts';
import type { Prices } from '../model/price.ts';
import { Change } from './change.ts';
import { type Conversation, openConversations, withKept } from './conversation.ts';
import type { Asked, Door } from './door.ts';
import { userMessage, withResults } from './edited-request.ts';
import { ownTool } from './own-tool.ts';
import type { InsideProgram } from './program.ts';
import { refusals } from './refusal.ts';

/** Milliseconds for which calls may go on while the program asks its model in another conversation, before that one is answered. */
const nestedMs = 1_000;

export interface SessionParts {
  source: ModelSource;
  prices: Prices;
  /** What tools do, by name, where it is known. */
  effects: Readonly<Record<string, ToolEffect>>;
  patienceMs: number;
  /** Starts the program, when the first decision is asked for. */
  start(view: View): Promise<InsideProgram>;
}

/** A request that waits for a decision, or for what becomes of it. */
interface Pending {
  asked: Asked;
  turn: AskedTurn;
  conversation: Conversation;
  /** As the model gets it. */
  body: JsonObject;
  /** Where it was answered already. */
  wire?: SourcedAnswer;
}

/** The answer that the last decision was made of, which the program does not have yet. */
interface Held extends Pending {
  wire: SourcedAnswer;
  answered: AnsweredTurn;
}

/** Makes decisions of the model calls of a program that runs in the sandbox. */
export class InsideSession implements AgentSession {
  readonly #parts: SessionParts;
  readonly #conversations = openConversations();
  readonly #change = new Change();
  readonly #tools = new Map<string, ListedTool>();
  readonly #owed = new Map<Conversation, OwedResult[]>();
  #listed: ListedTool[] = [];
  #queue: Pending[] = [];
  #asking: DecideOptions | undefined;
  #step = 0;
  #held: Held | undefined;
  #results: Performed['results'] = [];
  /** What calls of the last decision gave. */
  readonly #given = new Map<string, { conversation: Conversation; providerId: string; text: string }>();
  /** What the model is told after the last step beside what the program says. */
  #notice: string | undefined;
  #unseen: string[] = [];
  #side: (SideCall & { use: ModelUse })[] = [];
  #retries: NonNullable<AgentDecision['retries']> = [];
  #program: InsideProgram | undefined;
  #ended: Performed['ended'];
  /** The conversation in which the first decision was made, and what it asked last. */
  #main: Pick<Pending, 'conversation' | 'turn'> | undefined;
  #asked = false;
  #hasLimit = false;
  #door?: { door: Door; listener: Listener };

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Where the program's requests come in. */
  readonly arrive = (asked: Asked): void => {
    const { dialect, body } = asked;
    const turn = dialect.readRequest(body);
    if (turn.unsupported !== undefined) {
      asked.answer(dialect.error(400, turn.unsupported));
      return;
    }
    this.#asked = true;
    const conversation = this.#conversations.of(dialect, turn);
    const pending: Pending = { asked, turn, conversation, body };
    const side = sideOf(turn, {
      ...(this.#main && { main: this.#main.turn }),
      running: this.#conversations.running(),
    });
    // A subagent acts as the main conversation does.
    if (side !== undefined && side !== 'subagent') {
      void this.#answerSide(pending, side);
      return;
    }
    this.#hear(pending);
    if (this.#isHeldAgain(asked)) return;
    this.#queue = this.#queue.filter((one) => !one.asked.gone.aborted);
    this.#queue.push(pending);
    this.#change.happened();
  };

  /** A request that was not taken is told with the next decision. */
  readonly tooLarge = (reason: string): void => {
    this.#asked = true;
    this.#retries.push({ reason, waitedMs: 0 });
  };

  /** Answers what needs no decision. */
  readonly plain = async (request: PlainRequest): Promise<WireAnswer> => {
    if (!this.#asking) return openaiError(503, 'The trial has not begun.');
    return this.#parts.source.plain(request, this.#asking);
  };

  /** Takes over what is to be closed with the session. */
  opened(door: Door, listener: Listener): void {
    this.#door = { door, listener };
    void listener.lost.then((error) => this.#change.failed(error));
  }

  tools(): readonly ListedTool[] {
    if (this.#listed.length !== this.#tools.size) this.#listed = [...this.#tools.values()];
    return this.#listed;
  }

  async decide(view: View, options: DecideOptions): Promise<AgentDecision> {
    this.#asking = options;
    this.#step = view.steps.length;
    this.#hasLimit = view.remaining.seconds !== undefined;
    this.#held = undefined;
    this.#take(view.steps.at(-1));
    if (!this.#program) {
      this.#program = await this.#parts.start(view);
      void this.#program.end.then((ended) => {
        this.#ended = ended;
        this.#change.happened();
      });
    }
    for (;;) {
      const pending = await this.#next(options.signal);
      if (!pending) return this.#ending();
      const { asked, conversation, turn } = pending;
      if (!this.#main || this.#main.conversation === conversation) this.#main = { conversation, turn };
      for (const tool of turn.tools)
        if (!tool.hosted) this.#tools.set(tool.name, ownTool(tool, this.#parts.effects));
      const wire = pending.wire ?? (await this.#ask(pending, options));
      const answered = asked.dialect.readAnswer(wire);
      if (wire.status >= 400 || (answered.problem !== undefined && answered.calls.length === 0)) {
        this.#retries.push({ reason: answered.problem ?? `status ${wire.status}`, waitedMs: 0 });
        asked.answer(wire);
        continue;
      }
      for (const { providerId } of answered.calls) conversation.known.add(providerId);
      this.#conversations.answered(conversation, answered.responseId);
      this.#held = { ...pending, wire, answered };
      return this.#decisionOf(this.#held);
    }
  }

  async perform(
    calls: readonly JudgedCall[],
    { signal }: Pick<DecideOptions, 'signal' | 'waiting'>,
  ): Promise<Performed> {
    const held = this.#held;
    if (held && !this.#release(held, calls)) return { results: this.#results.splice(0) };
    const isOver = () => held === undefined || !calls.some(({ callId }) => isOpen(held, callId));
    let patience = nestedMs;
    while (!this.#ended && !(this.#queue.length > 0 && (isOver() || patience === 0))) {
      const waits = this.#queue.length > 0;
      const came = await this.#change.wait(signal, waits ? patience : this.#silenceMs());
      if (came) continue;
      if (!waits) throw new Error(`the program asked nothing for ${this.#parts.patienceMs / 1000} s`);
      patience = 0;
    }
    const results = this.#results.splice(0);
    // What it used since has to be told with a decision first.
    const isTold = this.#side.length === 0 && this.#unseen.length === 0;
    return { results, ...(this.#ended && isTold && this.#queue.length === 0 && { ended: this.#ended }) };
  }

  async close(): Promise<void> {
    for (const { asked } of [...this.#queue, ...(this.#held ? [this.#held] : [])])
      asked.answer(asked.dialect.error(503, 'The trial is over.'));
    this.#queue = [];
    this.#held = undefined;
    await this.#program?.kill();
    this.#door?.door.close();
    await this.#door?.listener.close();
  }

  /** Lets the program have the answer, with refusals in the place of what it may not do; false where there is nothing left to let it have. */
  #release({ asked, turn, conversation, body, wire, answered }: Held, calls: readonly JudgedCall[]): boolean {
    const refused = new Map<string, string>();
    for (const [place, { providerId, arguments: args }] of answered.calls.entries()) {
      const call = calls[place];
      if (call?.refused !== undefined) refused.set(providerId, call.refused);
      else if (call) conversation.open.set(providerId, { callId: call.callId, args });
    }
    const { left, ...changes } = refusals(answered.calls, refused);
    if (answered.calls.length > 0 && !left) {
      const next = asked.dialect.refused(body, wire, refused);
      const [before, after] = [body[listOf(asked.dialect)], next[listOf(asked.dialect)]];
      if (turn.continues === undefined && Array.isArray(before) && Array.isArray(after))
        keep(conversation, asked, after.slice(before.length));
      this.#queue.unshift({ asked, turn, conversation, body: next });
      return false;
    }
    const owed = answered.calls.filter(({ providerId }) => changes.calls.get(providerId) === 'removed');
    this.#owed.set(
      conversation,
      owed.map((call) => ({ call, reason: refused.get(call.providerId) ?? '' })),
    );
    asked.answer(asked.dialect.rewrite(wire, changes));
    return true;
  }

  /** What the model is to be told otherwise than it was, after a step. */
  #take(step: ViewStep | undefined): void {
    this.#notice = step?.notice;
    for (const { callId, content } of step?.observations ?? []) {
      const given = this.#given.get(callId);
      const text = textOf(content);
      if (given && given.text !== text) given.conversation.edited.set(given.providerId, text);
    }
    this.#given.clear();
  }

  /** What a request says of calls that were let through, and of calls that nobody decided. */
  #hear({ turn, conversation }: Pending): void {
    for (const { providerId, content, isError = false } of turn.results) {
      const open = conversation.open.get(providerId);
      if (open) {
        this.#results.push({ callId: open.callId, content, isError });
        this.#given.set(open.callId, { conversation, providerId, text: textOf(content) });
      } else if (!conversation.known.has(providerId)) this.#unseen.push(providerId);
      conversation.open.delete(providerId);
    }
    if (turn.tools.length === 0 && turn.answers > 0) this.#unseen.push('what its model wrote as text');
  }

  /** A program that did not wait for the answer asks the same again: it gets that answer. */
  #isHeldAgain(asked: Asked): boolean {
    const held = this.#held;
    const is = held?.asked.gone.aborted && JSON.stringify(held.asked.body) === JSON.stringify(asked.body);
    if (held && is) held.asked = asked;
    return is === true;
  }

  async #next(signal: AbortSignal): Promise<Pending | undefined> {
    for (;;) {
      this.#queue = this.#queue.filter(({ asked }) => !asked.gone.aborted);
      const next = this.#queue.shift();
      if (next) return next;
      if (this.#ended) return undefined;
      if (await this.#change.wait(signal, this.#asked ? this.#silenceMs() : this.#parts.patienceMs)) continue;
      if (!this.#asked) throw noModel(` within ${this.#parts.patienceMs / 1000} s`);
      throw new Error(`the program asked nothing for ${this.#parts.patienceMs / 1000} s`);
    }
  }

  /** How long the program may do without its model, where the trial has no limit on time. */
  #silenceMs(): number | undefined {
    return this.#hasLimit ? undefined : this.#parts.patienceMs;
  }

  async #ask(pending: Pending, options: DecideOptions, side?: Side): Promise<SourcedAnswer> {
    const { asked, conversation } = pending;
    const { dialect, path, headers } = asked;
    const owed = this.#owed.get(conversation) ?? [];
    const isFresh = pending.body === asked.body;
    if (isFresh) {
      this.#owed.delete(conversation);
      if (side === undefined && this.#notice !== undefined)
        keep(conversation, asked, [userMessage(dialect, this.#notice)]);
      if (side === undefined) this.#notice = undefined;
      const own = withResults(dialect.withOwed(asked.body, owed), conversation.edited);
      pending.body = withKept(own, dialect, conversation);
      // What goes on from an answer is kept where that is.
      if (pending.turn.continues !== undefined) conversation.kept = [];
    }
    const { body } = pending;
    const of = { conversation: conversation.id, ...(side !== undefined && { side }) };
    const part = Array.isArray(body[listOf(dialect)])
      ? conversation.diff(body as never)
      : { request: body, appended: false };
    options.asked(part.request, part.appended, of);
    const answer = await this.#parts.source.answer(
      { dialect, path, body, headers, step: this.#step, conversation: conversation.id },
      options,
    );
    options.answered?.({
      ...of,
      dialect: dialect.name,
      path,
      request: createHash('sha256').update(JSON.stringify(body)).digest('hex'),
      status: answer.status,
      contentType: answer.contentType,
      answer: answer.body,
    });
    return answer;
  }

  /** Answers at once what decides nothing. What turns out to have calls waits to be decided. */
  async #answerSide(pending: Pending, kind: Side): Promise<void> {
    const { asked, conversation } = pending;
    const options = this.#asking;
    if (!options) return asked.answer(asked.dialect.error(503, 'The trial has not begun.'));
    try {
      const wire = await this.#ask(pending, options, kind);
      const { calls, use } = asked.dialect.readAnswer(wire);
      if (calls.length > 0) {
        this.#queue.push({ ...pending, wire });
        this.#change.happened();
        return;
      }
      for (const one of [...(wire.before ?? []), use])
        this.#side.push({ conversation: conversation.id, kind, use: one });
      this.#retries.push(...(wire.retries ?? []));
      asked.answer(wire);
    } catch (error) {
      this.#change.failed(error);
    }
  }

  #decisionOf({ answered, conversation, wire }: Held): AgentDecision {
    this.#retries.push(...(wire.retries ?? []));
    const { text, reasoning, calls, stop, use, hosted } = answered;
    return {
      ...(text !== undefined && { text }),
      ...(reasoning !== undefined && { reasoning }),
      calls: calls.map(({ kind: _, ...call }) => call),
      ...(stop && { stop }),
      ...(conversation !== this.#main?.conversation && { conversation: conversation.id }),
      ...this.#sinceLast([...(wire.before ?? []), use], hosted),
    };
  }

  /** What a program did that ended without asking again. Throws where that was no good end. */
  #ending(): AgentDecision {
    const { exitCode = null, said = '' } = this.#ended ?? {};
    const end = `the program ended with ${exitCode === null ? 'a signal' : `exit code ${exitCode}`}${said && `: ${lastWords(said)}`}`;
    if (!this.#asked) throw noModel(`; ${end}`);
    if (exitCode !== 0) throw new Error(end);
    return { calls: [], stop: 'done', ...this.#sinceLast([], []) };
  }

  #sinceLast(uses: ModelUse[], hosted: readonly string[]): Partial<AgentDecision> {
    const side = this.#side.splice(0);
    const unseen = [...this.#unseen.splice(0), ...hosted];
    const retries = this.#retries.splice(0);
    return {
      ...(retries.length > 0 && { retries }),
      ...(unseen.length > 0 && { unseen }),
      ...(side.length > 0 && {
        side: side.map(({ use: { model, tokens }, ...one }) => ({
          ...one,
          ...(model !== undefined && { model }),
          ...(tokens && { usage: tokens }),
        })),
      }),
      ...modelUse([...side.map(({ use }) => use), ...uses], this.#parts.prices),
    };
  }
}

const isOpen = ({ conversation }: Held, callId: string) =>
  [...conversation.open.values()].some((one) => one.callId === callId);

/** Remembers for this request and later ones what the program does not say itself. */
function keep(conversation: Conversation, { dialect, body }: Asked, messages: Json[]): void {
  const own = body[listOf(dialect)];
  if (Array.isArray(own)) conversation.kept.push({ at: own.length, messages });
}

const noModel = (when: string) =>
  new ProctorError('sandbox-failed', `the agent’s program asked no model${when}`);
