import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { type Result, ResultSchema, type Task } from '@modelcontextprotocol/sdk/types.js';
import type { Patience } from './patience.ts';

/** Milliseconds a server has to hear that a task is given up. */
const goodbyeMs = 2_000;

export interface TaskOptions {
  /** Aborted when the call is given up. */
  signal: AbortSignal;
  timeout: number;
  patience: Patience;
  onMessage(method: string, params: unknown): void;
}

/**
 * Makes a call as a task: asks for its state until it is done, and then for what it gave. Each state is told as `proctor/task`. A task that is
 * given up is cancelled. Throws as a request does.
 */
export async function callAsTask(
  client: Client,
  request: { method: string; params: Record<string, unknown> },
  { patience, onMessage, ...options }: TaskOptions,
): Promise<Result> {
  const { tasks } = client.experimental;
  let task: Task | undefined;
  const stream = tasks.requestStream(request, ResultSchema, { ...options, task: {} });
  try {
    for (;;) {
      const { value: message, done } = await untilAborted(stream.next(), options.signal);
      if (done) throw new Error('the task ended without an answer');
      if (message.type === 'result') return message.result;
      if (message.type === 'error') {
        if (task?.status !== 'failed') throw message.error;
        return await tasks.getTaskResult(task.taskId, ResultSchema, options);
      }
      patience.progressed();
      if (task?.status !== message.task.status) onMessage('proctor/task', message.task);
      task = message.task;
    }
  } catch (error) {
    const given = { timeout: goodbyeMs };
    if (options.signal.aborted && task) tasks.cancelTask(task.taskId, given).catch(() => {});
    throw error;
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
