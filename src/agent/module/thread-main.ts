import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, ProctorError } from '../../errors.ts';
import { ThreadLink } from '../../sandbox/thread-link.ts';
import type { Json } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';
import type { AgentDecision, AgentSession, DecideOptions, TrialBrief } from '../agent.ts';
import { readDecision } from '../program-decision.ts';
import type { AgentObject, ModuleBrief } from './agent-module.ts';
import { hasMethod, loadAgent, type ModuleSource } from './load-agent.ts';

/** What the thread of an agent module is asked. */
export type AgentRequests = {
  /** Loads the module and lets it look at the tasks. */
  check(tasks: readonly TrialBrief['task'][]): Promise<void>;
  open(brief: ModuleBrief): Promise<void>;
  decide(
    params: { decision: number; view: View; paid: boolean },
    signal: AbortSignal,
  ): Promise<AgentDecision>;
  close(): Promise<void>;
};

/** What an agent module's thread asks, each for the decision of that number. */
export type DecisionRequests = {
  asked(params: { decision: number; request: Json; appended: boolean }): void;
  /** Gives the number of a payment, which `settle` tells what came of it. */
  reserve(decision: number): Promise<number>;
  settle(params: { payment: number; costUsd: number | undefined }): void;
  /** Begins the wait of that number. */
  wait(params: { decision: number; wait: number }): void;
  goOn(params: { wait: number; thought: boolean | undefined }): void;
  /** Told before the thread ends by itself: what ended it. */
  fault(why: string): void;
};

if (!parentPort) throw new Error('thread-main is started as a worker thread');

const source: ModuleSource = workerData;
let loaded: Promise<AgentObject> | undefined;
let session: (Pick<AgentSession, 'decide'> & Partial<AgentSession>) | undefined;
let waits = 0;

const agent = () => {
  loaded ??= loadAgent(source);
  return loaded;
};

const link = new ThreadLink<DecisionRequests, AgentRequests>(parentPort, {
  check: (tasks) => named('check', async () => (await agent()).check?.(tasks)),
  open: (brief) =>
    named('open', async () => {
      const opened = await (await agent()).open(brief);
      if (!hasMethod(opened, 'decide')) throw new Error('open gave what has no decide(view, options)');
      session = opened;
    }),
  decide: ({ decision, view, paid }, signal) =>
    named('decide', async () => readDecision(await session?.decide(view, optionsOf(decision, signal, paid)))),
  close: () => named('close', async () => session?.close?.()),
});

function optionsOf(decision: number, signal: AbortSignal, paid: boolean): DecideOptions {
  return {
    signal,
    asked: (request, appended = false) => link.tell('asked', { decision, request, appended }),
    ...(paid && {
      reserve: async () => {
        const payment = await link.ask('reserve', decision);
        return (costUsd) => link.tell('settle', { payment, costUsd });
      },
    }),
    waiting() {
      const wait = ++waits;
      link.tell('wait', { decision, wait });
      return (thought) => link.tell('goOn', { wait, thought });
    },
  };
}

/** What an agent may say of others; all else that it throws is its own failure. */
const told = new Set<ProctorError['code']>([
  'bad-file',
  'not-found',
  'model-refused-key',
  'model-unavailable',
  'context-overflow',
  'budget-spent',
]);

async function named<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProctorError && told.has(error.code)) throw error;
    const said = messageOf(error) || 'it did not say why';
    throw new Error(`${source.name}: ${what} ${said.startsWith('gave ') ? said : `failed: ${said}`}`);
  }
}

const exit = process.exit.bind(process);
const end = (what: string, code: number): never => {
  link.tell('fault', what);
  return exit(code);
};
process.on('uncaughtException', (error, origin) =>
  end(
    `${origin === 'unhandledRejection' ? 'left a promise rejected' : 'threw where nothing caught it'}: ${messageOf(error)}`,
    1,
  ),
);
process.exit = (code) => end(`called process.exit(${code ?? ''})`, Number(code ?? 0));
