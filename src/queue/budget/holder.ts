import { randomUUID } from 'node:crypto';
import type { Answer, Batch } from './exchange.ts';
import type { ToldLimits } from './rate-gate.ts';

/** Tells what a request took; undefined where that is not known. */
export type Settle = (used: number | undefined) => void;

/** Whoever takes parts of a shared budget. */
export interface Holder {
  /** Waits until as much is set aside. Rejects with the signal's reason. */
  ask(amount: number, signal: AbortSignal): Promise<Settle>;
  spend(used: number): void;
  shut(ms: number): void;
  learn(told: ToldLimits): void;
  /** Tells the budget what is still to be told. Rejects where the database can't be reached within 10 seconds. */
  close(): Promise<void>;
}

interface Options<State> {
  run: string;
  leaseMs: number;
  exchange(batch: Batch): Promise<Answer<State>>;
  /** Told what each exchange came to. */
  onAnswer?(answer: Answer<State>): void;
}

/** Milliseconds between exchanges: at least; until an end is told; at most while somebody waits; after a failure. */
const [atLeast, untilTold, whileWaiting] = [10, 100, 1000] as const;
const afterFailures = (failures: number) => Math.min(5000, 50 * 2 ** failures);
const closeMs = 10_000;

/**
 * One exchange after the other, each for all who ask meanwhile. Where the database does not answer, a batch is sent again until it does,
 * and nobody is granted anything.
 */
export function openHolder<State>({ run, leaseMs, exchange, onAnswer }: Options<State>): Holder {
  const waiting = new Map<string, { amount: number; grant(): void }>();
  const held = new Set<string>();
  let unsent = emptyBatch();
  let sent: Batch | undefined;
  let sequence = 0;
  let failures = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let underWay: Promise<void> | undefined;
  let closed = false;

  const soon = (ms: number) => {
    const at = Math.max(performance.now() + ms, lastAt + atLeast);
    if (underWay || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => void start(), at - performance.now());
    if (waiting.size === 0 && isEmpty(unsent) && !sent) timer.unref();
  };

  const start = (): Promise<void> => {
    underWay ??= turn().finally(() => {
      underWay = undefined;
      const next = nextInMs();
      if (next !== undefined) soon(next);
    });
    return underWay;
  };

  let dueInMs: number | undefined;
  const nextInMs = (): number | undefined => {
    if (failures > 0 && !closed) return afterFailures(failures);
    if (closed) return undefined;
    if (unsent.asked.length > 0 || unsent.shutMs > 0) return 0;
    const times = [
      ...(isEmpty(unsent) ? [] : [untilTold]),
      ...(waiting.size > 0 ? [Math.min(dueInMs ?? whileWaiting, whileWaiting)] : []),
      ...(held.size > 0 ? [leaseMs / 3] : []),
    ];
    return times.length > 0 ? Math.min(...times) : undefined;
  };

  const turn = async () => {
    clearTimeout(timer);
    dueAt = Number.POSITIVE_INFINITY;
    lastAt = performance.now();
    if (!sent) {
      sequence += 1;
      sent = { ...unsent, sequence };
      unsent = emptyBatch();
    }
    try {
      const answer = await exchange(sent);
      sent = undefined;
      failures = 0;
      dueInMs = answer.dueInMs;
      take(answer);
      onAnswer?.(answer);
    } catch {
      failures += 1;
    }
  };

  /** Hands out what was granted, and asks again for what was taken away while this worker was away. */
  const take = (answer: Answer<State>) => {
    const known = new Map(answer.held.map((one) => [one.id, one]));
    const asking = new Set(unsent.asked.map(({ id }) => id));
    for (const [id, { amount, grant }] of waiting) {
      if (known.get(id)?.granted) {
        waiting.delete(id);
        held.add(id);
        grant();
      } else if (!known.has(id) && !asking.has(id)) unsent.asked.push({ id, run, amount });
    }
  };

  const settle = (id: string, used: number | undefined) => {
    unsent.settled.push({ id, ...(used !== undefined && { used }) });
    soon(waiting.size > 0 ? atLeast : untilTold);
  };

  return {
    ask: (amount, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const id = randomUUID();
        const leave = () => {
          waiting.delete(id);
          const at = unsent.asked.findIndex((one) => one.id === id);
          if (at >= 0) unsent.asked.splice(at, 1);
          else settle(id, 0);
          reject(signal.reason);
        };
        signal.addEventListener('abort', leave, { once: true });
        const grant = () => {
          signal.removeEventListener('abort', leave);
          resolve((used) => {
            if (held.delete(id)) settle(id, used);
          });
        };
        waiting.set(id, { amount, grant });
        unsent.asked.push({ id, run, amount });
        soon(0);
      }),
    spend(used) {
      unsent.spent.push(used);
      soon(untilTold);
    },
    shut(ms) {
      unsent.shutMs = Math.max(unsent.shutMs, ms);
      soon(0);
    },
    learn(told) {
      unsent.told = told;
      soon(untilTold);
    },
    async close() {
      const until = performance.now() + closeMs;
      closed = true;
      await underWay;
      while ((sent || !isEmpty(unsent)) && performance.now() < until) {
        await start();
        if (failures > 0) await new Promise((done) => setTimeout(done, afterFailures(failures)));
      }
      clearTimeout(timer);
      if (sent || !isEmpty(unsent)) throw new Error('the database could not be told what was spent');
    },
  };
}

const emptyBatch = (): Omit<Batch, 'sequence'> => ({ asked: [], settled: [], spent: [], shutMs: 0 });
const isEmpty = ({ asked, settled, spent, shutMs }: Omit<Batch, 'sequence'>) =>
  asked.length + settled.length + spent.length === 0 && shutMs === 0;
