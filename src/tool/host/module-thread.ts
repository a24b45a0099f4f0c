import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { compiledModules } from '../../sandbox/import-module.ts';
import { ThreadLink } from '../../sandbox/thread-link.ts';
import { threadScript } from '../../sandbox/thread-script.ts';
import type { ThreadNews, ThreadRequests } from './thread-main.ts';

/** A server that a thread makes for one trial. */
export interface Tenant {
  /** Called once where its module fails, or its thread is gone. */
  failed(why: string): void;
}

/** Threads kept for the next trial. */
const maxIdle = 8;
/** Threads that there are before trials share them: each takes megabytes, and there is no room for thousands. */
const maxThreads = 24;

const threads = new Set<ModuleThread>();

/** A thread that runs one host module, for one trial at a time unless there are very many. It keeps the process alive only while it is asked something. */
export class ModuleThread {
  /** Absolute path of the module. */
  readonly path: string;
  readonly #worker: Worker;
  readonly #link: ThreadLink<ThreadRequests, ThreadNews>;
  readonly #tenants = new Set<Tenant>();
  #asking = 0;
  /** Whether a module has left something behind in it, so that no other trial may have it. */
  #isSpoiled = false;
  #isGone = false;

  private constructor(path: string) {
    this.path = path;
    this.#worker = new Worker(threadScript('./thread-main.js', import.meta.url, 'tool-server-failed'), {
      workerData: { cacheDir: compiledModules() },
      execArgv: [],
    });
    this.#worker.unref();
    this.#link = new ThreadLink<ThreadRequests, ThreadNews>(this.#worker, {
      fault: (why) => this.end(why),
    });
    this.#worker.once('error', (error) => this.end(messageOf(error)));
    this.#worker.once('exit', (code) => this.end(`its thread ended with exit code ${code}`));
    threads.add(this);
  }

  /** A thread in which only this module runs: one that is idle, else a new one, else the one that the fewest trials share. */
  static of(path: string): ModuleThread {
    const usable = [...threads].filter((thread) => thread.path === path && !thread.#isSpoiled);
    const [least] = usable.sort((a, b) => a.tenants - b.tenants);
    return least && (least.tenants === 0 || threads.size >= maxThreads) ? least : new ModuleThread(path);
  }

  /** How many trials have a server in it. */
  get tenants(): number {
    return this.#tenants.size;
  }

  /** Takes in the server of a trial, which is spoken to over the port. */
  admit(tenant: Tenant): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#tenants.add(tenant);
    this.#link.tell('serve', port2, [port2]);
    return port1;
  }

  /** Keeps the process alive until `asked` is settled. */
  async awaiting<T>(asked: Promise<T>): Promise<T> {
    if (this.#asking++ === 0) this.#worker.ref();
    try {
      return await asked;
    } finally {
      if (--this.#asking === 0) this.#worker.unref();
    }
  }

  /** Leaves the server's place to the next trial; the thread ends where the server left something running, or others wait already. */
  discharge(tenant: Tenant, isClean: boolean): void {
    if (this.#isGone) return;
    this.#isSpoiled ||= !isClean;
    this.#tenants.delete(tenant);
    if (this.#tenants.size > 0) return;
    const idle = [...threads].filter((thread) => thread.#tenants.size === 0);
    const surplus = this.#isSpoiled ? [this] : idle.slice(0, Math.max(0, idle.length - maxIdle));
    for (const thread of surplus) thread.end('it was closed');
  }

  /** Ends the thread, whatever it does; its servers fail. */
  end(why: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#isSpoiled = true;
    threads.delete(this);
    void this.#worker.terminate();
    for (const tenant of this.#tenants) tenant.failed(why);
    this.#tenants.clear();
  }
}
