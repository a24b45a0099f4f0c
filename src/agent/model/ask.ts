import type { DecideOptions } from '../agent.ts';
import { type RateGate, rateGate } from '../rate-gate.ts';
import { billOf, type ModelUse } from './model-use.ts';
import { listPrices, type Prices } from './price.ts';
import { type Attempted, defaultPatienceMs, defaultRetry, type RetryOptions, withRetries } from './retry.ts';
import type { Watch } from './watch.ts';

export interface AskOptions {
  model: string;
  /** By default `listPrices`. */
  prices?: Prices;
  /** Shared by all who ask; by default one of its own, without a bound. */
  gate?: RateGate;
  retry?: Partial<RetryOptions>;
  /** Milliseconds that the endpoint may keep one answer waiting; 10 minutes by default. */
  patienceMs?: number;
  /** Further patterns of what the endpoint says where a conversation no longer fits the context. */
  overflow?: readonly RegExp[];
  /** Milliseconds without a byte after which the server counts as hanging; 5 minutes by default, and no longer than the patience. */
  idleMs?: number;
}

export const idleOf = ({ idleMs, patienceMs = defaultPatienceMs }: AskOptions) =>
  idleMs ?? Math.min(300_000, patienceMs);

/** How one request of a protocol is made. */
export interface Exchange<Body, Answer> {
  empty(): Answer;
  /** Reads into `answer`, in which what came before a failure stays, such as tokens that were paid for. Throws `EndpointError`, or the signal's reason. */
  request(body: Body, answer: Answer, watch: Watch): Promise<unknown>;
  tookOf(answer: Answer): ModelUse;
}

export type Asking = Pick<DecideOptions, 'signal' | 'waiting' | 'reserve'>;

/** An answer, and what led to it. */
export interface Answered<Answer> {
  answer: Answer;
  /** What failed requests before took, as far as the endpoint told. */
  before: ModelUse[];
  retries: Attempted<Answer>['retries'];
}

/** Asks for `user`, whom errors name, again after failures that may pass. What is made throws as `withRetries` does. */
export function asker<Body, Answer>(
  user: string,
  options: AskOptions,
  { empty, request, tookOf }: Exchange<Body, Answer>,
): (body: Body, asking: Asking) => Promise<Answered<Answer>> {
  const { model, prices = listPrices, gate = rateGate(), patienceMs = defaultPatienceMs } = options;
  const { overflow = [] } = options;
  const idleMs = idleOf(options);
  const retry = { ...defaultRetry, patienceMs, ...options.retry, agent: user, gate, overflow };
  return async (body, { signal, waiting, reserve = async () => () => {} }) => {
    const before: ModelUse[] = [];
    const attempt = async () => {
      const settle = await reserve();
      const answer = empty();
      try {
        await request(body, answer, { signal, idleMs, waiting });
        settle(billOf({ ...tookOf(answer), model }, prices));
        return answer;
      } catch (error) {
        const took = { ...tookOf(answer), model };
        if (took.tokens) before.push(took);
        settle(billOf(took, prices) ?? 0);
        throw error;
      }
    };
    const { value: answer, retries } = await withRetries(attempt, { ...retry, signal, waiting });
    return { answer, before, retries };
  };
}
