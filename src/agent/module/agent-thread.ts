import { Worker } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { compiledModules } from '../../sandbox/import-module.ts';
import { ThreadLink } from '../../sandbox/thread-link.ts';
import { threadScript } from '../../sandbox/thread-script.ts';
import { within } from '../../sandbox/within.ts';
import type { DecideOptions } from '../agent.ts';
import type { ModuleSource } from './load-agent.ts';
import type { AgentRequests, DecisionRequests } from './thread-main.ts';

/** Milliseconds that a module may take to load and open, and its `close()`. */
const openMs = 60_000;
const closeMs = 2_000;

type Settle = Awaited<ReturnType<NonNullable<DecideOptions['reserve']>>>;
type GoOn = ReturnType<NonNullable<DecideOptions['waiting']>>;

/** A thread that runs an agent module for one trial; its memory, its loops and what it throws late are its own. */
export class AgentThread {
  readonly #name: string;
  readonly #worker: Worker;
  readonly #link: ThreadLink<AgentRequests, DecisionRequests>;
  /** Those under way, by number. */
  readonly #deciding = new Map<number, DecideOptions>();
  readonly #payments = new Map<number, Settle>();
  readonly #waits = new Map<number, GoOn>();
  #decisions = 0;
  #paid = 0;
  #ended = false;

  constructor(source: ModuleSource) {
    this.#name = source.name;
    this.#worker = new Worker(threadScript('./thread-main.js', import.meta.url, 'bad-file'), {
      workerData: { ...source, cacheDir: compiledModules() },
      execArgv: [],
      stdout: true,
    });
    this.#worker.stdout.on('data', (said) => process.stderr.write(said));
    this.#link = new ThreadLink<AgentRequests, DecisionRequests>(this.#worker, {
      asked: ({ decision, request, appended }) => this.#deciding.get(decision)?.asked(request, appended),
      reserve: (decision) => this.#reserve(decision),
      settle: ({ payment, costUsd }) => taken(this.#payments, payment)?.(costUsd),
      wait: ({ decision, wait }) => void this.#begin(wait, this.#deciding.get(decision)?.waiting?.()),
      goOn: ({ wait, thought }) => taken(this.#waits, wait)?.(thought),
      fault: (why) => this.#end(why),
    });
    this.#worker.once('error', (error) => this.#end(messageOf(error)));
    this.#worker.once('exit', (code) => this.#end(`its thread ended with exit code ${code}`));
  }

  check(tasks: Parameters<AgentRequests['check']>[0]): Promise<void> {
    return this.#within(openMs, 'loading and check()', this.#link.ask('check', tasks));
  }

  open(brief: Parameters<AgentRequests['open']>[0]): Promise<void> {
    return this.#within(openMs, 'loading and open()', this.#link.ask('open', brief));
  }

  async decide(view: Parameters<AgentRequests['decide']>[0]['view'], options: DecideOptions) {
    const decision = ++this.#decisions;
    this.#deciding.set(decision, options);
    try {
      const paid = options.reserve !== undefined;
      return await this.#link.ask('decide', { decision, view, paid }, options.signal);
    } finally {
      this.#deciding.delete(decision);
    }
  }

  /** Lets the module close, and ends its thread whatever it does. */
  async close(): Promise<void> {
    if (!this.#ended) await within(closeMs, this.#link.ask('close', undefined as never)).catch(() => {});
    this.#end('it was closed');
    await this.#worker.terminate();
  }

  async #reserve(decision: number): Promise<number> {
    const settle = await this.#deciding.get(decision)?.reserve?.();
    const payment = ++this.#paid;
    if (settle) this.#payments.set(payment, settle);
    return payment;
  }

  #begin(wait: number, goOn: GoOn | undefined): void {
    if (goOn) this.#waits.set(wait, goOn);
  }

  /** Ends the thread where what it is asked takes longer; that fails what is asked. */
  #within<T>(ms: number, what: string, asked: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#end(`${what} took longer than ${ms / 1000} s`), ms);
    return asked.finally(() => clearTimeout(timer));
  }

  #end(fault: string): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const goOn of this.#waits.values()) goOn();
    this.#link.cut(new Error(`${this.#name}: ${fault}`));
    void this.#worker.terminate();
  }
}

function taken<T>(map: Map<number, T>, key: number): T | undefined {
  const value = map.get(key);
  map.delete(key);
  return value;
}
