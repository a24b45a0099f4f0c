import { Worker } from 'node:worker_threads';
import { messageOf, ProctorError } from '../../errors.ts';
import { compiledModules } from '../../sandbox/import-module.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { ThreadLink } from '../../sandbox/thread-link.ts';
import { threadScript } from '../../sandbox/thread-script.ts';
import { within } from '../../sandbox/within.ts';
import { serverFailed } from '../server.ts';
import { sandboxRequests } from './sandbox-link.ts';
import type { ModuleBrief } from './serve-module.ts';
import type { ModuleRequests, ThreadRequests } from './thread-main.ts';

/** What a trial gives the thread that works for it. */
export interface ThreadUser {
  /** Name of the server. */
  name: string;
  sandbox?: Sandbox;
  log(message: string): void;
  /** Called once where the thread ends by itself. */
  failed(why: string): void;
}

/** Threads kept for the next trial. */
const maxIdle = 8;
/** Milliseconds that a module's `state()` may take, and its `close()`. */
const stateMs = 30_000;
const closeMs = 5_000;
/** Milliseconds within which a thread that is not blocked answers. */
const pingMs = 3_000;

const idle: ModuleThread[] = [];
/** By module, settled when it has been loaded for the first time; whoever comes later finds it compiled. */
const firstLoads = new Map<string, Promise<unknown>>();

/** A thread that runs one host module, for one trial at a time. It keeps the process alive only while it is asked something. */
export class ModuleThread {
  /** Absolute path of the module. */
  readonly path: string;
  readonly #worker: Worker;
  readonly #link: ThreadLink<ModuleRequests, ThreadRequests>;
  #user: ThreadUser | undefined;
  #asking = 0;
  /** Why the thread is gone; undefined while it runs. */
  #fault: string | undefined;

  private constructor(path: string) {
    this.path = path;
    this.#worker = new Worker(threadScript('./thread-main.js', import.meta.url, 'tool-server-failed'), {
      workerData: { cacheDir: compiledModules() },
      execArgv: [],
    });
    this.#worker.unref();
    this.#link = new ThreadLink<ModuleRequests, ThreadRequests>(this.#worker, {
      ...sandboxRequests(() => this.#sandbox()),
      log: (message) => this.#user?.log(message),
      fault: (why) => this.#end(why),
    });
    this.#worker.once('error', (error) => this.#end(messageOf(error)));
    this.#worker.once('exit', (code) => this.#end(`its thread ended with exit code ${code}`));
  }

  /** A thread in which nothing but the module runs, taken over from an earlier trial where one is left. */
  static of(path: string, user: ThreadUser): ModuleThread {
    const index = idle.findLastIndex((thread) => thread.path === path);
    const [waiting] = index < 0 ? [] : idle.splice(index, 1);
    const thread = waiting ?? new ModuleThread(path);
    thread.#user = user;
    return thread;
  }

  /** Why the thread is gone, with the module's path; undefined while it runs. */
  whyGone(): string | undefined {
    return this.#fault && `${this.path}: ${this.#fault}`;
  }

  /** Makes a fresh server of the module. Throws `bad-file`, or `tool-server-failed` where that takes longer than `timeoutMs`. */
  async open(brief: ModuleBrief, timeoutMs: number) {
    await firstLoads.get(this.path)?.catch(() => {});
    const sandbox = this.#user?.sandbox;
    const opening = this.#within(
      timeoutMs,
      'the default export',
      this.#ask('open', { brief, ...(sandbox && { sandbox: { id: sandbox.id, info: sandbox.info } }) }),
    );
    if (!firstLoads.has(this.path)) firstLoads.set(this.path, opening);
    return opening;
  }

  call(params: Parameters<ModuleRequests['call']>[0], signal: AbortSignal) {
    return this.#ask('call', params, signal);
  }

  /** The state as JSON text. */
  state(): Promise<string> {
    return this.#within(stateMs, 'state()', this.#ask('state', undefined as never));
  }

  /** Ends the thread where a tool keeps it from doing anything else; says whether it did. */
  async endIfBlocked(tool: string, afterMs: number): Promise<boolean> {
    const answered = this.#ask('ping', undefined as never).then(
      () => true,
      () => false,
    );
    if (await within(pingMs, answered)) return false;
    this.#end(`"${tool}" kept its thread busy for more than ${afterMs / 1000} s`);
    return true;
  }

  /** Closes the module's server and leaves the thread to the next trial, or ends it where the module left something running. */
  async release(): Promise<void> {
    const clean = await this.#within(closeMs, 'close()', this.#ask('close', undefined as never)).catch(
      () => false,
    );
    this.#user = undefined;
    if (this.#fault !== undefined) return;
    if (clean) idle.push(this);
    const surplus = clean ? idle.splice(0, Math.max(0, idle.length - maxIdle)) : [this];
    for (const thread of surplus) thread.#end('it was closed');
  }

  #sandbox(): Sandbox {
    if (this.#user?.sandbox) return this.#user.sandbox;
    throw new ProctorError('sandbox-broken', 'the trial of this sandbox is over');
  }

  async #ask<K extends keyof ModuleRequests>(
    method: K,
    params: Parameters<ModuleRequests[K]>[0],
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<ModuleRequests[K]>>> {
    if (this.#asking++ === 0) this.#worker.ref();
    try {
      return await this.#link.ask(method, params as never, signal);
    } finally {
      if (--this.#asking === 0) this.#worker.unref();
    }
  }

  /** Ends the thread where what it is asked takes longer; that fails what is asked. */
  #within<T>(timeoutMs: number, what: string, asked: Promise<T>): Promise<T> {
    const late = () => this.#end(`${what} did not answer within ${timeoutMs / 1000} s`);
    const timer = setTimeout(late, timeoutMs);
    return asked.finally(() => clearTimeout(timer));
  }

  #end(fault: string): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    const at = idle.indexOf(this);
    if (at >= 0) idle.splice(at, 1);
    this.#link.cut(serverFailed(`${this.#user?.name}`, `failed: ${this.whyGone()}`));
    void this.#worker.terminate();
    this.#user?.failed(fault);
  }
}
