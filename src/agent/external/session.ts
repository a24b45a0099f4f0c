import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { submitTool } from '../../schema/builtin-tool.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { ToolDescription, View, ViewStep } from '../../schema/view.ts';
import type { AgentDecision, AgentSession, DecideOptions } from '../agent.ts';
import { requestDiff } from '../openai/appended.ts';
import { modelUse } from '../openai/model-use.ts';
import type { Prices } from '../openai/price.ts';
import { type CallQueue, errorReply, type IncomingCall, openCallQueue, type Reply } from './call-queue.ts';
import { type ModelCall, type ModelEndpoint, openModelProxy } from './model-proxy.ts';
import { type Program, startProgram, wordsOf } from './program.ts';

/** Serves a trial's tools to whoever has the token; given by who picks this agent. */
type ServeTools = (served: {
  token: string;
  tools(): readonly ToolDescription[];
  call(tool: string, args: JsonObject, signal: AbortSignal): Promise<Reply>;
}) => Promise<{ url: string; close(): Promise<void> }>;

export interface ExternalOptions {
  /** Words as a shell splits them, with `{mcp_url}`, `{token}`, `{instruction}`, `{instruction_file}`, `{model_url}`. */
  command: string;
  serve: ServeTools;
  /** What the program inherits; the model's key is taken out. */
  environment: NodeJS.ProcessEnv;
  prices: Prices;
}

type SessionOptions = ExternalOptions & { model?: ModelEndpoint };

/** Milliseconds for the last answers to reach the program before its trial is closed. */
const lastAnswerMs = 50;

const over = errorReply('The trial is over.');
const submitted: Reply = { content: [{ type: 'text', text: 'Submitted.' }], isError: false };

/** Opens the endpoints; the program starts with the first decision. */
export async function openExternalSession(options: SessionOptions): Promise<AgentSession> {
  const token = randomBytes(24).toString('base64url');
  const queue = openCallQueue();
  const seen: Seen = { tools: [], modelCalls: [] };
  const folder = await mkdtemp(join(tmpdir(), 'proctor-external-'));
  const tools = await options.serve({ token, tools: () => seen.tools, call: queue.arrive });
  const model =
    options.model && (await openModelProxy(options.model, token, (call) => void seen.modelCalls.push(call)));
  const endpoints = { token, folder, tools, ...(model && { model }) };
  return new ExternalSession(options, endpoints, queue, seen);
}

interface Endpoint {
  url: string;
  close(): Promise<void>;
}

interface Endpoints {
  token: string;
  /** Holds the file of the instruction. */
  folder: string;
  tools: Endpoint;
  model?: Endpoint;
}

/** What the endpoints serve and report. */
interface Seen {
  tools: readonly ToolDescription[];
  /** Those since the last decision. */
  modelCalls: ModelCall[];
}

class ExternalSession implements AgentSession {
  readonly #options: SessionOptions;
  readonly #endpoints: Endpoints;
  readonly #queue: CallQueue;
  readonly #seen: Seen;
  readonly #diff = requestDiff();
  /** Calls of the last decision, which wait for their answers. */
  #unanswered: IncomingCall[] = [];
  #program?: Program;

  constructor(options: SessionOptions, endpoints: Endpoints, queue: CallQueue, seen: Seen) {
    this.#options = options;
    this.#endpoints = endpoints;
    this.#queue = queue;
    this.#seen = seen;
  }

  async decide(view: View, options: DecideOptions): Promise<AgentDecision> {
    this.#seen.tools = view.tools;
    answer(this.#unanswered, view.steps.at(-1));
    this.#unanswered = [];
    this.#program ??= await this.#start(view);
    const calls = await this.#queue.take(options.signal);
    this.#unanswered = calls;
    if (calls.length === 0) await requireGoodEnd(this.#program);
    const said = this.#program.printed();
    const uses = this.#report(options).flatMap(({ use }) => use ?? []);
    return {
      ...(said !== '' && { text: said }),
      ...modelUse(uses, this.#options.prices),
      ...decisionOf(calls),
    };
  }

  async close(): Promise<void> {
    const { tools, model, folder } = this.#endpoints;
    for (const call of this.#unanswered) call.answer(call.tool === submitTool ? submitted : over);
    this.#unanswered = [];
    this.#queue.close(over);
    await sleep(lastAnswerMs);
    await this.#program?.close();
    await Promise.all([tools.close(), model?.close(), rm(folder, { recursive: true, force: true })]);
  }

  async #start(view: View): Promise<Program> {
    const { token, folder, tools, model } = this.#endpoints;
    const task = view.steps.findLast(({ begins }) => begins !== undefined)?.begins ?? view.instruction;
    const instruction = [view.guidance, task].filter((text) => text !== undefined).join('\n\n');
    const file = join(folder, 'instruction.md');
    await writeFile(file, instruction);
    const urls = { mcp_url: tools.url, model_url: model?.url ?? '', token };
    const words = wordsOf(this.#options.command, { ...urls, instruction, instruction_file: file });
    const program = startProgram(
      words,
      environmentOf(this.#options.environment, { ...urls, instruction, file }),
    );
    void program.end.then(() => this.#queue.end());
    return program;
  }

  /** Records the model calls since the last decision, and returns them. */
  #report({ asked }: DecideOptions): ModelCall[] {
    const calls = this.#seen.modelCalls.splice(0);
    for (const { request } of calls) {
      const isChat = Array.isArray(request.messages);
      const part = isChat ? this.#diff(request as never) : { request, appended: false };
      asked(part.request, part.appended);
    }
    return calls;
  }
}

function decisionOf(calls: readonly IncomingCall[]): Pick<AgentDecision, 'calls' | 'stop'> {
  if (calls.length === 0) return { calls: [], stop: 'done' };
  return { calls: calls.map(({ tool, arguments: args }) => ({ tool, arguments: args })) };
}

/** Answers the calls of the last decision with what was observed, or with an error where a call was not made. */
function answer(calls: readonly IncomingCall[], step: ViewStep | undefined): void {
  for (const [index, call] of calls.entries()) {
    const callId = step?.decision.calls[index]?.callId;
    const observed = step?.observations.find((one) => one.callId === callId);
    call.answer(observed ?? errorReply('The call was not made.'));
  }
}

/** Throws where the program failed, with the end of its output. */
async function requireGoodEnd(program: Program): Promise<void> {
  const { code, reason } = await program.end;
  if (code === 0) return;
  throw new Error(`the program ended with ${reason ?? `exit code ${code}`}: ${program.tail()}`);
}

interface Handed {
  mcp_url: string;
  model_url: string;
  token: string;
  instruction: string;
  file: string;
}

/** What the program finds in its environment; the real key is never among it. */
function environmentOf(inherited: NodeJS.ProcessEnv, handed: Handed): NodeJS.ProcessEnv {
  const { OPENAI_API_KEY: _, OPENAI_BASE_URL: __, ...env } = inherited;
  return {
    ...env,
    PROCTOR_MCP_URL: handed.mcp_url,
    PROCTOR_MCP_TOKEN: handed.token,
    PROCTOR_INSTRUCTION: handed.instruction,
    PROCTOR_INSTRUCTION_FILE: handed.file,
    ...(handed.model_url !== '' && {
      PROCTOR_MODEL_URL: handed.model_url,
      OPENAI_BASE_URL: handed.model_url,
      OPENAI_API_KEY: handed.token,
    }),
  };
}
