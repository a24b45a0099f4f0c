import { ProctorError } from '../../errors.ts';
import type { DecideOptions } from '../agent.ts';
import type { Failure } from '../model/retry.ts';
import type { ModelCall } from './model-proxy.ts';

/** Whether a program's model endpoint still answers. From a failure until the next answer, the time is the harness's. */
export interface EndpointHealth {
  heard(call: ModelCall): void;
  /** What its last answer failed with; undefined where it did not. */
  readonly failure: Failure | undefined;
  /** Aborted with a `ProctorError` when it has failed for longer than the patience. */
  readonly dead: AbortSignal;
  close(): void;
}

export function endpointHealth(
  patienceMs: number,
  waiting: NonNullable<DecideOptions['waiting']>,
): EndpointHealth {
  const dead = new AbortController();
  let failing: { failure: Failure; since: NodeJS.Timeout; goOn: () => void } | undefined;
  const recovered = () => {
    clearTimeout(failing?.since);
    failing?.goOn();
    failing = undefined;
  };
  const giveUp = () => {
    if (!failing) return;
    const { code, reason } = failing.failure;
    dead.abort(new ProctorError(code, `no answer for ${patienceMs / 1000} s, lastly: ${reason}`));
  };
  return {
    heard({ use, failure }) {
      if (use) recovered();
      if (!failure) return;
      if (failing) failing.failure = failure;
      else failing = { failure, since: setTimeout(giveUp, patienceMs).unref(), goOn: waiting() };
    },
    get failure() {
      return failing?.failure;
    },
    dead: dead.signal,
    close: recovered,
  };
}
