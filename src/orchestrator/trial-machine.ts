import { assign, fromPromise, setup } from 'xstate';
import { messageOf, ProctorError } from '../errors.ts';
import type { Limits } from '../schema/limits.ts';
import type { Outcome } from '../schema/outcome.ts';

/** What one decision meant for the trial. */
export interface Decided {
  tokens: number;
  costUsd: number;
  /** The agent said that it is done, or made no call too often in a row. */
  gaveUp: boolean;
  /** Whether the agent decided it itself, rather than a record that it goes on from. */
  own: boolean;
}

/** How acting on a decision ended the phase; null where it goes on. */
export type Acted = Extract<Outcome, 'submitted' | 'stopped-by-policy'> | null;

/** An error as data: an `Error` in context would turn into `{}` in JSON. */
export interface TrialError {
  code: string;
  message: string;
}

export interface TrialContext {
  limits: Limits;
  /** Seconds that each phase may take; undefined means no limit. */
  phaseSeconds: readonly (number | undefined)[];
  phase: number;
  /** Decisions made, inherited ones included. */
  steps: number;
  /** Those of them that the agent made itself. */
  decided: number;
  tokens: number;
  costUsd: number;
  /** Why the run has nothing left to spend, once that is so: no further decision may be asked for. */
  overBudget?: TrialError;
  outcome?: Outcome | undefined;
  error?: TrialError;
}

export type TrialInput = Pick<TrialContext, 'limits' | 'phaseSeconds'>;

export type TrialSignal =
  | { type: 'abort'; error?: TrialError }
  /** What the trial can't do without has failed. */
  | { type: 'fail'; error: ProctorError }
  | { type: 'out-of-budget'; error: TrialError };

const unprovided = (name: string) => () => Promise.reject(new Error(`actor ${name} was not provided`));

/** The outcome that an error of an actor means. A failure of the infrastructure is never the agent's score. */
function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ProctorError)) return 'infrastructure-error';
  if (error.code === 'sandbox-broken') return 'broke-sandbox';
  if (error.code === 'context-overflow') return 'out-of-context';
  if (error.code === 'interrupted') return 'aborted';
  if (error.code === 'diverged') return 'diverged';
  return 'infrastructure-error';
}

/** The limit a trial has reached after its last decision, if any. */
export function limitReached(
  context: TrialContext,
): { limit: 'steps' | 'tokens' | 'cost_usd'; value: number; max: number } | null {
  const { limits, steps, tokens, costUsd } = context;
  if (limits.tokens !== undefined && tokens >= limits.tokens)
    return { limit: 'tokens', value: tokens, max: limits.tokens };
  if (limits.cost_usd !== undefined && costUsd >= limits.cost_usd)
    return { limit: 'cost_usd', value: costUsd, max: limits.cost_usd };
  if (limits.steps !== undefined && steps >= limits.steps)
    return { limit: 'steps', value: steps, max: limits.steps };
  return null;
}

const outcomeOfLimit = { steps: 'out-of-steps', tokens: 'out-of-tokens', cost_usd: 'out-of-budget' } as const;

/** Outcomes after which there is nothing to verify. */
const unverified: ReadonlySet<Outcome> = new Set([
  'aborted',
  'not-run',
  'infrastructure-error',
  'diverged',
  'broke-sandbox',
]);

/** An error as a trial keeps it. */
export const errorOf = (error: unknown): TrialError => ({
  code: error instanceof ProctorError ? error.code : 'unexpected',
  message: messageOf(error),
});

const failed = (outcome: Outcome, error: unknown): Partial<TrialContext> => ({
  outcome,
  error: errorOf(error),
});

/** What the run's spent budget makes of a trial: one in which the agent decided nothing was not run. */
const cutShort = ({ decided }: TrialContext, error: TrialError): Partial<TrialContext> =>
  decided === 0 ? { outcome: 'not-run', error } : { outcome: 'out-of-budget' };

/**
 * The order of a trial: `provisioning → ( working { deciding → acting → observing } → verifying )* → releasing → ended`.
 * It holds order, limits, deadline, abort and outcome; the handles live in the actors it is given.
 */
export const trialMachine = setup({
  types: {
    context: {} as TrialContext,
    input: {} as TrialInput,
    events: {} as TrialSignal,
    output: {} as { outcome: Outcome; error?: TrialError },
  },
  actors: {
    provision: fromPromise<void>(unprovided('provision')),
    decide: fromPromise<Decided>(unprovided('decide')),
    act: fromPromise<Acted>(unprovided('act')),
    observe: fromPromise<void, { goesOn: boolean }>(unprovided('observe')),
    deadline: fromPromise<void, { seconds: number | undefined }>(unprovided('deadline')),
    verify: fromPromise<{ continue: boolean }, { phase: number; context: TrialContext }>(
      unprovided('verify'),
    ),
    release: fromPromise<void, { context: TrialContext }>(unprovided('release')),
  },
  guards: {
    atLimit: ({ context }) => limitReached(context) !== null,
    isOverBudget: ({ context }) => context.overBudget !== undefined,
    unverifiable: ({ context }) => context.outcome !== undefined && unverified.has(context.outcome),
  },
  actions: {
    setLimitOutcome: assign(({ context }) => {
      const reached = limitReached(context);
      return reached ? { outcome: outcomeOfLimit[reached.limit] } : {};
    }),
    setBudgetOutcome: assign(({ context }) =>
      context.overBudget ? cutShort(context, context.overBudget) : {},
    ),
  },
}).createMachine({
  id: 'trial',
  context: ({ input }) => ({
    ...input,
    phase: 0,
    steps: 0,
    decided: 0,
    tokens: 0,
    costUsd: 0,
  }),
  initial: 'provisioning',
  on: {
    abort: {
      target: '.releasing',
      actions: assign(({ event }) => ({ outcome: 'aborted', ...(event.error && { error: event.error }) })),
    },
    fail: {
      target: '.releasing',
      actions: assign(({ event }) => failed('infrastructure-error', event.error)),
    },
    // What is under way may end, as it is paid for; where the next decision would be asked for, the trial ends.
    'out-of-budget': { actions: assign(({ event }) => ({ overBudget: event.error })) },
  },
  states: {
    provisioning: {
      always: { guard: 'isOverBudget', target: 'releasing', actions: 'setBudgetOutcome' },
      invoke: {
        src: 'provision',
        onDone: 'working',
        onError: {
          target: 'releasing',
          actions: assign(({ event }) => failed('infrastructure-error', event.error)),
        },
      },
    },
    working: {
      initial: 'deciding',
      invoke: {
        src: 'deadline',
        input: ({ context }) => ({ seconds: context.phaseSeconds[context.phase] }),
        onDone: { target: 'verifying', actions: assign({ outcome: 'timed-out' }) },
        onError: {
          target: 'releasing',
          actions: assign(({ event }) => failed('infrastructure-error', event.error)),
        },
      },
      states: {
        deciding: {
          invoke: {
            src: 'decide',
            onDone: {
              target: 'acting',
              actions: assign(({ context, event }) => spent(context, event.output)),
            },
            onError: {
              target: '#trial.verifying',
              actions: assign(({ context, event }) => failedDecision(context, event.error)),
            },
          },
        },
        acting: {
          invoke: {
            src: 'act',
            onDone: {
              target: 'observing',
              actions: assign(({ event }) => (event.output ? { outcome: event.output } : {})),
            },
            onError: {
              target: '#trial.verifying',
              actions: assign(({ event }) => failed(outcomeOf(event.error), event.error)),
            },
          },
        },
        observing: {
          invoke: {
            src: 'observe',
            input: ({ context }) => ({
              goesOn: context.outcome === undefined && limitReached(context) === null,
            }),
            onDone: [
              { guard: ({ context }) => context.outcome !== undefined, target: '#trial.verifying' },
              { guard: 'isOverBudget', target: '#trial.verifying', actions: 'setBudgetOutcome' },
              { guard: 'atLimit', target: '#trial.verifying', actions: 'setLimitOutcome' },
              { target: 'deciding' },
            ],
            onError: {
              target: '#trial.verifying',
              actions: assign(({ event }) => failed(outcomeOf(event.error), event.error)),
            },
          },
        },
      },
    },
    verifying: {
      always: { guard: 'unverifiable', target: 'releasing' },
      invoke: {
        src: 'verify',
        input: ({ context }) => ({ phase: context.phase, context }),
        onDone: [
          {
            guard: ({ context, event }) =>
              event.output.continue &&
              context.phase + 1 < context.phaseSeconds.length &&
              context.overBudget !== undefined,
            target: 'releasing',
            actions: 'setBudgetOutcome',
          },
          {
            guard: ({ context, event }) =>
              event.output.continue && context.phase + 1 < context.phaseSeconds.length,
            target: 'working',
            actions: assign(({ context }) => ({ phase: context.phase + 1, outcome: undefined })),
          },
          { target: 'releasing' },
        ],
        onError: {
          target: 'releasing',
          actions: assign(({ event }) => failed('infrastructure-error', event.error)),
        },
      },
    },
    releasing: {
      on: { abort: {} },
      invoke: {
        src: 'release',
        input: ({ context }) => ({ context }),
        onDone: 'ended',
        onError: {
          target: 'ended',
          actions: assign(({ context, event }) =>
            context.error ? {} : failed(context.outcome ?? 'infrastructure-error', event.error),
          ),
        },
      },
    },
    ended: { type: 'final' },
  },
  output: ({ context }) => ({
    outcome: context.outcome ?? 'infrastructure-error',
    ...(context.error && { error: context.error }),
  }),
});

/** A model that fails is a failure of the infrastructure; a script or program that throws has crashed. */
function failedDecision(context: TrialContext, error: unknown): Partial<TrialContext> {
  if (!(error instanceof ProctorError)) return failed('agent-crashed', error);
  return error.code === 'budget-spent' ? cutShort(context, errorOf(error)) : failed(outcomeOf(error), error);
}

function spent(context: TrialContext, decided: Decided): Partial<TrialContext> {
  return {
    steps: context.steps + 1,
    decided: context.decided + Number(decided.own),
    tokens: context.tokens + decided.tokens,
    costUsd: context.costUsd + decided.costUsd,
    ...(decided.gaveUp && { outcome: 'gave-up' as const }),
  };
}
