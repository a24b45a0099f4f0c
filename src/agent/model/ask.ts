import { localRateGates } from '../../queue/budget/local-rate-gate.ts';
import type { RateGates } from '../../queue/budget/rate-gate.ts';
import type { TokenUsage } from '../../schema/decision.ts';
import type { DecideOptions } from '../agent.ts';
import { EndpointError } from './endpoint-error.ts';
import { billOf, type ModelUse } from './model-use.ts';
import { listPrices, type Prices } from './price.ts';
import { type Attempted, defaultPatienceMs, defaultRetry, type RetryOptions, withRetries } from './retry.ts';
import { toldLimits } from './told-limits.ts';
import { usageEstimate } from './usage-estimate.ts';
import type { Watch } from './watch.ts';

export interface AskOptions {
  model: string;
  /** By default `listPrices`. */
  prices?: Prices;
  /** Shared by all who ask; by default of its own, without a bound. */
  gates?: RateGates;
  /** Told of each request that was made. */
  asked?: (made: MadeRequest) => void;
  retry?: Partial<RetryOptions>;
  /** Milliseconds that the endpoint may keep one answer waiting; 10 minutes by default. */
  patienceMs?: number;
  /** Further patterns of what the endpoint says where a conversation no longer fits the context. */
  overflow?: readonly RegExp[];
  /** Milliseconds without a byte after which the server counts as hanging; 5 minutes by default, and no longer than the patience. */
  idleMs?: number;
}

/** A request of a model, and what it took as far as that is known. */
export interface MadeRequest {
  to: Parameters<RateGates>[0];
  answered: boolean;
  tokens?: TokenUsage;
  /** US dollars. */
  costUsd?: number;
}

export const idleOf = ({ idleMs, patienceMs = defaultPatienceMs }: AskOptions) =>
  idleMs ?? Math.min(300_000, patienceMs);

/** How one request of a protocol is made. */
export interface Exchange<Body, Answer> {
  /** Where it goes, and with which key. */
  to(body: Body): Parameters<RateGates>[0];
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
  { to, empty, request, tookOf }: Exchange<Body, Answer>,
): (body: Body, asking: Asking) => Promise<Answered<Answer>> {
  const { model, prices = listPrices, gates = localRateGates(), patienceMs = defaultPatienceMs } = options;
  const { overflow = [], asked } = options;
  const idleMs = idleOf(options);
  const retry = { ...defaultRetry, patienceMs, ...options.retry, agent: user, overflow };
  const estimate = usageEstimate();
  return async (body, { signal, waiting, reserve = async () => () => {} }) => {
    const before: ModelUse[] = [];
    const gate = gates(to(body));
    const learn = (headers: Headers) => {
      const told = toldLimits(headers);
      if (told) gate.learn(told);
    };
    const attempt = async (took: (tokens: number) => void) => {
      const settle = await reserve().catch((error) => {
        took(0);
        throw error;
      });
      const answer = empty();
      const ended = (answered: boolean) => {
        const use = { ...tookOf(answer), model };
        const costUsd = billOf(use, prices);
        const { tokens } = use;
        asked?.({
          ...{ to: to(body), answered },
          ...(tokens && { tokens }),
          ...(costUsd !== undefined && { costUsd }),
        });
        return { use, costUsd };
      };
      try {
        await request(body, answer, { signal, idleMs, waiting, headers: learn });
        const { use, costUsd } = ended(true);
        settle(costUsd);
        if (use.tokens) {
          took(use.tokens.input + use.tokens.output);
          estimate.learn(body, use.tokens);
        }
        return answer;
      } catch (error) {
        const { use, costUsd = 0 } = ended(false);
        if (use.tokens) before.push(use);
        settle(costUsd);
        const said = error instanceof EndpointError ? error.said : {};
        if (said.headers) learn(said.headers);
        const refused = said.status !== undefined;
        if (use.tokens) took(use.tokens.input + use.tokens.output);
        else if (refused) took(0);
        throw error;
      }
    };
    const { value: answer, retries } = await withRetries(attempt, {
      ...{ ...retry, signal, waiting },
      gate,
      tokens: () => estimate.of(body),
    });
    return { answer, before, retries };
  };
}
