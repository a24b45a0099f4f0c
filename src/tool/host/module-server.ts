import { ProctorError } from '../../errors.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { ThreadLink } from '../../sandbox/thread-link.ts';
import { within } from '../../sandbox/within.ts';
import { serverFailed } from '../server.ts';
import { ModuleThread } from './module-thread.ts';
import { sandboxRequests } from './sandbox-link.ts';
import type { ModuleBrief } from './serve-module.ts';
import type { ModuleRequests, ServerRequests } from './thread-main.ts';

/** What a trial gives the server that works for it. */
export interface ServerUser {
  /** Name of the server. */
  name: string;
  sandbox?: Sandbox;
  log(message: string): void;
  /** Called once where the server fails by itself. */
  failed(why: string): void;
}

/** Milliseconds that a module's `state()` may take, and its `close()`. */
const stateMs = 30_000;
const closeMs = 5_000;
/** Milliseconds within which a thread that is not blocked answers. */
const pingMs = 3_000;

/** By module, settled when it has been loaded for the first time; whoever comes later finds it compiled. */
const firstLoads = new Map<string, Promise<unknown>>();

/** A host module's server of one trial, in a thread. */
export class ModuleServer {
  readonly #thread: ModuleThread;
  readonly #tenant = { failed: (why: string) => this.#fail(why) };
  readonly #link: ThreadLink<ModuleRequests, ServerRequests>;
  readonly #user: ServerUser;
  #isOver = false;
  /** Why the server is gone; undefined while it runs. */
  #fault: string | undefined;

  /** @param path the module's, absolute */
  constructor(path: string, user: ServerUser) {
    this.#user = user;
    this.#thread = ModuleThread.of(path);
    const port = this.#thread.admit(this.#tenant);
    this.#link = new ThreadLink<ModuleRequests, ServerRequests>(port, {
      ...sandboxRequests(() => this.#sandbox()),
      log: (message) => this.#isOver || user.log(message),
      fault: (why) => this.#fail(why),
    });
    port.unref();
  }

  /** Why the server is gone, with the module's path; undefined while it runs. */
  whyGone(): string | undefined {
    return this.#fault && `${this.#thread.path}: ${this.#fault}`;
  }

  /** Makes the server. Throws `bad-file`, or `tool-server-failed` where that takes longer than `timeoutMs`. */
  async open(brief: Omit<ModuleBrief, 'path'>, timeoutMs: number) {
    const { path } = this.#thread;
    await firstLoads.get(path)?.catch(() => {});
    const { sandbox } = this.#user;
    const opening = this.#within(
      timeoutMs,
      'the default export',
      this.#ask('open', {
        brief: { ...brief, path },
        ...(sandbox && { sandbox: { id: sandbox.id, info: sandbox.info } }),
      }),
    );
    if (!firstLoads.has(path)) firstLoads.set(path, opening);
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
    const { tenants } = this.#thread;
    const whose =
      tenants > 1 ? `"${tool}", or a tool of the ${tenants - 1} other trials in it,` : `"${tool}"`;
    this.#thread.end(`${whose} kept its thread busy for more than ${afterMs / 1000} s`);
    return true;
  }

  /** Closes the module's server and leaves its thread to the next trial. */
  async release(): Promise<void> {
    if (this.#isOver) return;
    const isClean = await this.#within(closeMs, 'close()', this.#ask('close', undefined as never)).catch(
      () => false,
    );
    this.#isOver = true;
    this.#link.cut(serverFailed(this.#user.name, 'was closed'));
    this.#thread.discharge(this.#tenant, isClean);
  }

  #sandbox(): Sandbox {
    if (this.#user.sandbox && !this.#isOver) return this.#user.sandbox;
    throw new ProctorError('sandbox-broken', 'the trial of this sandbox is over');
  }

  #ask<K extends keyof ModuleRequests>(
    method: K,
    params: Parameters<ModuleRequests[K]>[0],
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<ModuleRequests[K]>>> {
    return this.#thread.awaiting(this.#link.ask(method, params as never, signal));
  }

  /** Ends the thread where what it is asked takes longer; that fails what is asked. */
  #within<T>(timeoutMs: number, what: string, asked: Promise<T>): Promise<T> {
    const late = () => this.#thread.end(`${what} did not answer within ${timeoutMs / 1000} s`);
    const timer = setTimeout(late, timeoutMs);
    return asked.finally(() => clearTimeout(timer));
  }

  #fail(why: string): void {
    if (this.#fault !== undefined || this.#isOver) return;
    this.#fault = why;
    this.#link.cut(serverFailed(this.#user.name, `failed: ${this.whyGone()}`));
    this.#user.failed(why);
  }
}
