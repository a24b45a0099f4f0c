import { setTimeout as sleep } from 'node:timers/promises';
import { createActor, fromPromise, type NonReducibleUnknown, toPromise } from 'xstate';
import { ProctorError } from '../errors.ts';
import type { Outcome } from '../schema/outcome.ts';
import { act } from './act.ts';
import { decide } from './decide.ts';
import { clockOf, type LiveTrial, newLiveTrial, spentBy, submittedAnswer } from './live-trial.ts';
import { beginNextPhase, goesOn } from './next-phase.ts';
import { observe } from './observe.ts';
import type { TrialParts, TrialPlan } from './plan.ts';
import { provision, startedEvent } from './provision.ts';
import { errorOf, type TrialContext, type TrialError, trialMachine } from './trial-machine.ts';
import { verify } from './verify.ts';

/** Milliseconds for which aborted work is waited for, as it may still write events. */
const settleMs = 15_000;

export interface TrialEnd {
  outcome: Outcome;
  error?: TrialError;
}

/** Runs one trial to its end. Whatever happens, the sandbox is torn down and the last event says why it ended. */
export async function runTrial(plan: TrialPlan, parts: TrialParts): Promise<TrialEnd> {
  const { recorder } = parts;
  const begun = performance.now();
  const live = newLiveTrial(plan, parts);
  recorder.append(startedEvent(plan, recorder));
  const end = await drive(live);
  const answer = submittedAnswer(live);
  recorder.append({
    type: 'trial.ended',
    outcome: end.outcome,
    ...(end.error && { error: end.error }),
    ...(answer !== undefined && { answer: recorder.bodies.text(answer) }),
    ...spentBy(live),
    durationMs: performance.now() - begun,
  });
  recorder.sync();
  return end;
}

async function drive(live: LiveTrial): Promise<TrialEnd> {
  const { parts, plan } = live;
  let recorded: string | undefined;
  let unwritten: unknown;
  const actor = createActor(machineOf(live), {
    input: { limits: plan.limits, phaseSeconds: plan.phaseSeconds },
    inspect(event) {
      if (event.type !== '@xstate.snapshot' || event.actorRef !== actor) return;
      const { value, context } = event.snapshot as unknown as {
        value: string | object;
        context: TrialContext;
      };
      const state = typeof value === 'string' ? value : Object.keys(value)[0];
      if (!state || state === recorded) return;
      recorded = state;
      try {
        parts.recorder.append({ type: 'state.entered', state, phase: context.phase });
      } catch (error) {
        unwritten ??= error;
      }
    },
  });
  const { signal, account } = parts;
  const abort = () => {
    const { reason } = signal;
    const isFailure = reason instanceof ProctorError && reason.kind === 'infrastructure';
    actor.send(isFailure ? { type: 'fail', error: reason } : { type: 'abort' });
  };
  const closed = () => {
    const error = errorOf(account.closed.reason);
    actor.send({ type: error.code === 'budget-spent' ? 'out-of-budget' : 'abort', error });
  };
  signal.addEventListener('abort', abort);
  account.closed.addEventListener('abort', closed);
  try {
    actor.start();
    if (signal.aborted) abort();
    if (account.closed.aborted) closed();
    const end = await toPromise(actor);
    if (unwritten) throw unwritten;
    return end;
  } catch (error) {
    await settled(live);
    await release(live).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    account.closed.removeEventListener('abort', closed);
  }
}

function machineOf(live: LiveTrial) {
  const working = <T, I extends NonReducibleUnknown>(work: (signal: AbortSignal, input: I) => Promise<T>) =>
    fromPromise<T, I>(({ signal, input }) => {
      const promise = work(signal, input);
      live.barrier.activity = promise.catch(() => undefined);
      return promise;
    });
  return trialMachine.provide({
    actors: {
      provision: working((signal) => provision(live, signal)),
      decide: working((signal) => decide(live, signal)),
      act: working((signal) => act(live, signal)),
      observe: working((_, { goesOn }) => observe(live, goesOn)),
      deadline: fromPromise<void, { seconds: number | undefined }>(({ input, signal }) =>
        deadline(input.seconds, live, signal),
      ),
      verify: fromPromise<{ continue: boolean }, { phase: number; context: TrialContext }>(
        async ({ input, signal }) => {
          await settled(live);
          const { rewards } = await verify(live, input.context, input.phase, signal);
          if (!goesOn(live, input.context, rewards)) return { continue: false };
          if (!live.parts.account.closed.aborted) await beginNextPhase(live, signal);
          return { continue: true };
        },
      ),
      release: fromPromise<void, { context: TrialContext }>(async () => {
        await settled(live);
        await release(live);
      }),
    },
  });
}

/** Milliseconds after which a clock that stands still is looked at again, and the longest that a timer takes. */
const [shortestNapMs, longestNapMs] = [20, 2 ** 31 - 1];

/** Returns when the agent's own time in this phase is used up. */
async function deadline(seconds: number | undefined, live: LiveTrial, signal: AbortSignal): Promise<void> {
  if (seconds === undefined) return new Promise(() => {});
  const clock = clockOf(live);
  for (;;) {
    const left = seconds * 1000 - clock.elapsed();
    if (left <= 0) return;
    await sleep(Math.min(longestNapMs, Math.max(shortestNapMs, left)), undefined, { signal });
  }
}

async function settled(live: LiveTrial): Promise<void> {
  const timer = new AbortController();
  await Promise.race([
    Promise.allSettled([live.barrier.activity, live.barrier.observed]),
    sleep(settleMs, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
}

/** Closes what was opened, in reverse order; all of it, even where closing one part fails. */
async function release(live: LiveTrial): Promise<void> {
  const closings = [() => live.session?.close(), () => live.toolbox?.close(), () => live.sandbox?.close()];
  const failures: unknown[] = [];
  for (const close of closings) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
