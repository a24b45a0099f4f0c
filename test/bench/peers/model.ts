import { message, type ReplyCall } from '../../model-server/reply.ts';
import { type ModelServer, type Policy, startModelServer } from '../../model-server/server.ts';
import { commandAt, commandsPerTrial } from './command.ts';

type Asked = Parameters<Policy>[0];

/** A model without latency, whose clock is the same for every harness. */
export interface WatchedModel {
  url: string;
  /** Milliseconds from each answer to the next request of its trial, which brings the observation. */
  steps: number[];
  /** When each trial asked first, in milliseconds of `performance.now()`. */
  begun: number[];
  close: ModelServer['close'];
}

/** Lets every trial run the same commands and then submit; trials are told apart by the ids of the calls that come back. */
export async function startWatchedModel(): Promise<WatchedModel> {
  const answered = new Map<number, number>();
  const steps: number[] = [];
  const begun: number[] = [];
  const { url, close } = await startModelServer((asked) => {
    const arrived = performance.now();
    const { trial, step } = placeOf(asked) ?? { trial: begun.push(arrived), step: -1 };
    const before = answered.get(trial);
    if (before !== undefined) steps.push(arrived - before);
    setImmediate(() => answered.set(trial, performance.now()));
    const call = step + 1 < commandsPerTrial ? shellCall(step + 1) : submitCall(asked);
    return call
      ? message({ calls: [{ ...call, id: `call_bench_${trial}_${step + 1}` }] })
      : message({ text: 'Done.' });
  });
  return { url, steps, begun, close };
}

/** The last call of the bench that a request brings back. */
function placeOf({ messages }: Asked): { trial: number; step: number } | undefined {
  const ids = JSON.stringify(messages.slice(-2)).matchAll(/call_bench_(\d+)_(\d+)/g);
  const [, trial, step] = [...ids].at(-1) ?? [];
  return trial === undefined ? undefined : { trial: Number(trial), step: Number(step) };
}

const shellCall = (index: number): ReplyCall => ({ name: 'bash', arguments: { command: commandAt(index) } });

/** What ends a trial where a tool does; elsewhere a message without a call does. */
function submitCall({ tools = [] }: Asked): ReplyCall | undefined {
  const submit = tools.find(({ function: { name } }) => name === 'submit');
  const args = /"answer"/.test(JSON.stringify(submit ?? {})) ? { answer: 'Done.' } : {};
  return submit && { name: 'submit', arguments: args };
}
