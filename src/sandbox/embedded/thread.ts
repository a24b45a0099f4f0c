import { Worker } from 'node:worker_threads';
import { ProctorError } from '../../errors.ts';
import { deferred } from '../deferred.ts';
import { threadScript } from '../thread-script.ts';
import { Backpressure } from './backpressure.ts';
import { bytesIn, type ThreadEvent, type ThreadRequest } from './protocol.ts';

/** A thread that runs the commands of one sandbox. It keeps the process alive only while one runs. */
export class ShellThread {
  /** Megabytes that its heap may take. */
  readonly memoryMb: number;
  readonly #worker: Worker;
  readonly #backpressure = new Backpressure();
  readonly #ready = deferred<undefined>();
  readonly #gone = deferred<Error | undefined>();
  readonly #onGone = new Set<(reason: Error | undefined) => void>();
  #listener: (event: ThreadEvent) => void = () => {};
  #hasEnded = false;

  /** Starts a thread and waits until it listens. Throws `sandbox-failed`. */
  static async start(memoryMb: number): Promise<ShellThread> {
    const thread = new ShellThread(memoryMb);
    const endedEarly = thread.#gone.promise.then((error) => error ?? new Error('it ended at once'));
    const error = await Promise.race([thread.#ready.promise, endedEarly]);
    if (error) throw new ProctorError('sandbox-failed', `the embedded shell did not start: ${error.message}`);
    thread.#worker.unref();
    return thread;
  }

  private constructor(memoryMb: number) {
    this.memoryMb = memoryMb;
    const worker = new Worker(threadScript('./shell-thread.js', import.meta.url, 'sandbox-failed'), {
      workerData: { flow: this.#backpressure.shared },
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      env: {},
      execArgv: [],
    });
    this.#worker = worker;
    let reason: Error | undefined;
    worker.once('error', (error: Error) => {
      reason = error;
    });
    worker.once('exit', () => {
      this.#hasEnded = true;
      this.#gone.resolve(reason);
      for (const tell of this.#onGone) tell(reason);
    });
    worker.on('message', (event: ThreadEvent) => this.#onMessage(event));
  }

  get isAlive(): boolean {
    return !this.#hasEnded;
  }

  send(request: ThreadRequest): void {
    if (request.kind === 'run') this.#worker.ref();
    this.#worker.postMessage(request);
  }

  /** Replaces the listener for everything the thread reports, in order; after its death it is never called again. */
  onEvent(listener: (event: ThreadEvent) => void): void {
    this.#listener = listener;
  }

  /** Tells once when the thread is gone, with the error that ended it, if any. Returns how to forget that. */
  onGone(tell: (reason: Error | undefined) => void): () => void {
    if (this.#hasEnded) void this.#gone.promise.then(tell);
    else this.#onGone.add(tell);
    return () => this.#onGone.delete(tell);
  }

  /** Ends the thread whatever it does. Everything it reported before has been heard then. */
  async kill(): Promise<void> {
    this.#worker.ref();
    await this.#worker.terminate();
    await this.#gone.promise;
    this.#listener = () => {};
  }

  #onMessage(event: ThreadEvent): void {
    this.#backpressure.wasRead(bytesIn(event));
    if (event.kind === 'done' || event.kind === 'failed') this.#worker.unref();
    if (event.kind === 'ready') this.#ready.resolve(undefined);
    else this.#listener(event);
  }
}
