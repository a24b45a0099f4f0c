import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProctorError } from '../../errors.ts';
import { submitTool } from '../../schema/builtin-tool.ts';
import type { CalledTool } from '../../schema/decision.ts';
import type { ToolDescription, View, ViewStep } from '../../schema/view.ts';
import type { Agent, AgentDecision, AgentSession, DecideOptions, RecordedStart } from '../agent.ts';
import { wordsOf } from '../command-words.ts';
import { recordedSource } from '../dialect/recorded.ts';
import { lastWords } from '../last-words.ts';
import { billOf, modelUse } from '../model/model-use.ts';
import type { Prices } from '../model/price.ts';
import { modelEndpoint } from '../openai/model-endpoint.ts';
import { errorReply, type IncomingCall, openCallQueue, type Reply } from './call-queue.ts';
import { callRecord } from './call-record.ts';
import { type EndpointHealth, endpointHealth } from './endpoint-health.ts';
import { type ModelCall, type ModelProxy, type ModelProxyParts, openModelProxy } from './model-proxy.ts';
import { type Offer, openOffer } from './offered.ts';
import { checkCommand, type Program, startProgram } from './program.ts';
import { type CallMatch, matchCalls } from './unseen-call.ts';

/** Serves a trial's tools to whoever has the token; given by who picks this agent. */
type ServeTools = (served: {
  token: string;
  tools(): readonly ToolDescription[];
  call(called: CalledTool, signal: AbortSignal): Promise<Reply>;
}) => Promise<Endpoint>;

interface Endpoint {
  url: string;
  close(): Promise<void>;
}

export interface ExternalOptions {
  /** Words as a shell splits them, with `{mcp_url}`, `{token}`, `{instruction}`, `{instruction_file}`, `{model_url}`. */
  command: string;
  serve: ServeTools;
  /** What the program inherits; the model's key is taken out. */
  environment: NodeJS.ProcessEnv;
  prices: Prices;
  /** Headers that its model's endpoint gets beside those of the program. */
  headers?: Readonly<Record<string, string>>;
  /** Milliseconds that the program may take until it asks for its tools, and its model's endpoint may fail. */
  patienceMs: number;
  /** What its first model calls are answered with. */
  start?: RecordedStart;
}

/** Milliseconds without a byte after which an endpoint counts as hanging. */
const longestSilenceMs = 300_000;

/** Milliseconds for the last answers to reach the program before its trial is closed. */
const lastAnswerMs = 50;

const over = errorReply('The trial is over.');
const submitted: Reply = { content: [{ type: 'text', text: 'Submitted.' }], isError: false };

/**
 * Any program, which is handed the tools as an MCP endpoint and drives itself: a call that comes in is a decision.
 * It comes to the middle of a trial where its model calls are answered as they were; else it starts from the instruction there.
 */
export function externalAgent(options: ExternalOptions): Agent {
  return {
    id: `external:${options.command}`,
    check: async () => {
      endpointOf(options);
      await checkCommand(options.command, options.environment.PATH);
    },
    from: (start) => externalAgent({ ...options, start }),
    async open() {
      const session = new ExternalSession(options);
      await session.open();
      return session;
    },
  };
}

/** The endpoint of the `openai` agent, where there is one. */
function endpointOf({ command, environment, headers }: ExternalOptions) {
  const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey } = environment;
  return baseUrl || apiKey
    ? modelEndpoint(`external:${command}`, { baseUrl, apiKey, headers }, environment)
    : undefined;
}

class ExternalSession implements AgentSession {
  readonly #options: ExternalOptions;
  readonly #token = randomBytes(24).toString('base64url');
  readonly #queue = openCallQueue();
  readonly #record = callRecord();
  /** Holds the file of the instruction. */
  #folder = '';
  /** Where the tools are served, and where model calls are forwarded. */
  #servers: { tools?: Endpoint; model?: ModelProxy | undefined } = {};
  #tools: readonly ToolDescription[] = [];
  /** Aborted when the program asks for its tools. */
  readonly #reached = new AbortController();
  readonly #match: CallMatch = matchCalls();
  readonly #offer: Offer = openOffer();
  /** Whether any call came in. */
  #called = false;
  readonly #health: EndpointHealth;
  /** How many decisions were made before the one that is under way, or was last. */
  #step = 0;
  /** Who asks for the decision that is under way, or was last. */
  #asking?: DecideOptions;
  /** Why a model call was not paid for. */
  #unpaid: unknown;
  /** Those since the last decision. */
  readonly #modelCalls: ModelCall[] = [];
  /** Calls of the last decision, which wait for their answers. */
  #unanswered: IncomingCall[] = [];
  /** Calls whose answers the program was not there to read. */
  readonly #unread: string[] = [];
  #program?: Program;

  constructor(options: ExternalOptions) {
    this.#options = options;
    this.#health = endpointHealth(options.patienceMs, this.#waiting);
  }

  readonly #waiting = () => this.#asking?.waiting?.() ?? (() => {});

  /** Opens the endpoints; the program starts with the first decision. */
  async open(): Promise<void> {
    const { serve, patienceMs, prices, start } = this.#options;
    const endpoint = endpointOf(this.#options);
    this.#folder = await mkdtemp(join(tmpdir(), 'proctor-external-'));
    const tools = await serve({
      token: this.#token,
      tools: () => {
        this.#reached.abort();
        return this.#tools;
      },
      call: (called, signal) => {
        this.#reached.abort();
        this.#called = true;
        this.#match.arrived(called.tool);
        return this.#queue.arrive(called, signal);
      },
    });
    const parts: ModelProxyParts = {
      token: this.#token,
      idleMs: Math.min(longestSilenceMs, patienceMs),
      waiting: this.#waiting,
      reserve: () => this.#reserve(),
      costOf: (use) => billOf(use, prices),
      heard: (call) => {
        this.#health.heard(call);
        this.#offer.heard(call.turn?.asked.tools ?? []);
        this.#match.answered(call.use?.calls ?? [], this.#tools);
        this.#modelCalls.push(call);
      },
      ...(start && { recorded: this.#recorded(start) }),
    };
    this.#servers = { tools, model: endpoint && (await openModelProxy(endpoint, parts)) };
  }

  /** Answers from the record until the program decides for itself. */
  #recorded({ exchanges, steps, differs }: RecordedStart): NonNullable<ModelProxyParts['recorded']> {
    const source = recordedSource({ exchanges, differs });
    return async (turn, body) => {
      const step = this.#step;
      if (!this.#asking || (steps !== undefined && step >= steps)) return undefined;
      const conversation = this.#record.conversationOf(turn);
      return source.answer({ ...turn, body, conversation, step }, this.#asking);
    };
  }

  async #reserve() {
    try {
      return (await this.#asking?.reserve?.()) ?? (() => {});
    } catch (error) {
      this.#unpaid = error;
      throw error;
    }
  }

  async decide(view: View, options: DecideOptions): Promise<AgentDecision> {
    this.#tools = view.tools;
    this.#step = view.steps.length;
    this.#asking = options;
    this.#unread.push(...answer(this.#unanswered, view.steps.at(-1)));
    this.#unanswered = [];
    this.#program ??= await this.#start(view);
    const calls = await this.#take(options);
    if (calls.length > 0) calls.push(...(await this.#rest(options, calls.length)));
    this.#unanswered = calls;
    if (calls.length === 0) await this.#requireGoodEnd(this.#program);
    const said = this.#program.printed();
    const made = this.#report(options);
    const uses = made.flatMap(({ use }) => use ?? []);
    const reasons = made.flatMap(({ failure, ended }) => failure?.reason ?? ended ?? []);
    const unseen = this.#match.unseen(calls.length === 0);
    const unread = this.#unread.splice(0);
    return {
      ...(said !== '' && { text: said }),
      ...(unseen.length > 0 && { unseen }),
      ...(unread.length > 0 && { unread }),
      ...(reasons.length > 0 && { retries: reasons.map((reason) => ({ reason, waitedMs: 0 })) }),
      ...modelUse(uses, this.#options.prices),
      ...decisionOf(calls),
    };
  }

  async close(): Promise<void> {
    const { tools, model } = this.#servers;
    for (const call of this.#unanswered) call.answer(call.tool === submitTool ? submitted : over);
    this.#unanswered = [];
    this.#queue.close(over);
    await sleep(lastAnswerMs);
    await this.#program?.close();
    this.#health.close();
    await Promise.all([tools?.close(), model?.close(), rm(this.#folder, { recursive: true, force: true })]);
  }

  /** The next calls. Until the program has asked for its tools, the time is the harness's. */
  async #take({ signal, waiting }: DecideOptions): Promise<IncomingCall[]> {
    const { patienceMs } = this.#options;
    const reached = this.#reached.signal;
    const ended = new AbortController();
    const goOn = reached.aborted ? () => {} : waiting?.();
    const tooLate = () => reached.aborted || ended.abort(noTools(` within ${patienceMs / 1000} s`));
    const timer = setTimeout(tooLate, patienceMs);
    const dead = () => ended.abort(this.#health.dead.reason);
    if (this.#health.dead.aborted) dead();
    this.#health.dead.addEventListener('abort', dead);
    reached.addEventListener('abort', () => goOn?.());
    try {
      return await this.#queue.take(AbortSignal.any([signal, ended.signal]));
    } catch (error) {
      throw ended.signal.aborted ? ended.signal.reason : error;
    } finally {
      clearTimeout(timer);
      this.#health.dead.removeEventListener('abort', dead);
      goOn?.();
    }
  }

  /** What came in until the model's answer was whole: a program may call before it has read to the end. */
  async #rest({ signal }: DecideOptions, taken: number): Promise<IncomingCall[]> {
    const answered = this.#servers.model?.answered();
    if (!answered) return [];
    const aborted = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    aborted.catch(() => {});
    await Promise.race([answered, aborted]);
    return this.#queue.waiting(taken);
  }

  /** Throws where the program failed, with the end of its output; what it could not help is the infrastructure's failure. */
  async #requireGoodEnd(program: Program): Promise<void> {
    const { code, reason } = await program.end;
    const end = `the program ended with ${reason ?? `exit code ${code}`}: ${lastWords(program.tail())}`;
    const { failure } = this.#health;
    if (this.#unpaid) throw this.#unpaid;
    if (failure) throw new ProctorError(failure.code, `${failure.reason}; ${end}`);
    if (!this.#reached.signal.aborted) throw noTools(`; ${end}`);
    const missing = this.#called ? [] : this.#offer.missing(this.#tools);
    if (missing.length > 0) throw notOffered(missing, end);
    if (code !== 0) throw new Error(end);
  }

  async #start(view: View): Promise<Program> {
    const task = view.steps.findLast(({ begins }) => begins !== undefined)?.begins ?? view.instruction;
    const instruction = [view.guidance, task].filter((text) => text !== undefined).join('\n\n');
    const file = join(this.#folder, 'instruction.md');
    await writeFile(file, instruction);
    const { tools, model } = this.#servers;
    const handed: Handed = {
      mcp_url: tools?.url ?? '',
      model_url: model?.url ?? '',
      token: this.#token,
      instruction,
      instruction_file: file,
    };
    const { command, environment } = this.#options;
    const program = startProgram(wordsOf(command, handed), environmentOf(environment, handed));
    void program.end.then(() => this.#queue.end());
    return program;
  }

  /** Records the model calls since the last decision, and returns them. */
  #report(options: DecideOptions): ModelCall[] {
    const calls = this.#modelCalls.splice(0);
    for (const call of calls) this.#record.tell(call, options);
    return calls;
  }
}

function decisionOf(calls: readonly IncomingCall[]): Pick<AgentDecision, 'calls' | 'stop'> {
  if (calls.length === 0) return { calls: [], stop: 'done' };
  return { calls: calls.map(({ answer: _, gone: __, ...called }) => called) };
}

/**
 * Answers the calls of the last decision with what was observed, or with an error where a call was not made. Gives the ids of those whose
 * caller waits no longer.
 */
function answer(calls: readonly IncomingCall[], step: ViewStep | undefined): string[] {
  return calls.flatMap((call, index) => {
    const callId = step?.decision.calls[index]?.callId;
    const observed = step?.observations.find((one) => one.callId === callId);
    call.answer(observed ?? errorReply('The call was not made.'));
    return callId !== undefined && call.gone.aborted ? [callId] : [];
  });
}

const noTools = (when: string) =>
  new ProctorError('tool-server-failed', `the program did not ask for its tools${when}`);

const notOffered = (names: readonly string[], end: string) =>
  new ProctorError(
    'tool-server-failed',
    `the program did not offer its model the tools that it was handed (${names.join(', ')}); ${end}`,
  );

/** The placeholders of a command, with their values. */
type Handed = Record<'mcp_url' | 'model_url' | 'token' | 'instruction' | 'instruction_file', string>;

/** What the program finds in its environment; the real key is never among it. */
function environmentOf(inherited: NodeJS.ProcessEnv, handed: Handed): NodeJS.ProcessEnv {
  const { OPENAI_API_KEY: _, OPENAI_BASE_URL: __, ...env } = inherited;
  return {
    ...env,
    ...withoutProxy(env),
    PROCTOR_MCP_URL: handed.mcp_url,
    PROCTOR_MCP_TOKEN: handed.token,
    PROCTOR_INSTRUCTION: handed.instruction,
    PROCTOR_INSTRUCTION_FILE: handed.instruction_file,
    ...(handed.model_url !== '' && {
      PROCTOR_MODEL_URL: handed.model_url,
      OPENAI_BASE_URL: handed.model_url,
      OPENAI_API_KEY: handed.token,
    }),
  };
}

/** What keeps a program from asking a proxy for this machine, where tools and model are served. */
function withoutProxy({ NO_PROXY, no_proxy = NO_PROXY }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const hosts = [no_proxy, 'localhost', '127.0.0.1'].filter(Boolean).join(',');
  return { NO_PROXY: hosts, no_proxy: hosts };
}
