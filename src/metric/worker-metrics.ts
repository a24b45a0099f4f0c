import type { MadeRequest } from '../agent/model/ask.ts';
import { type Activity, type Phase, phases } from '../queue/activity.ts';
import type { RateGates } from '../queue/budget/rate-gate.ts';
import { keyDigest } from '../queue/budget/shared-rate-gate.ts';
import type { Census } from '../queue/census.ts';
import type { WorkerRow } from '../queue/workers.ts';
import type { Outcome } from '../schema/outcome.ts';
import { instruments } from './instruments.ts';

/** Counts what a worker does, and says it with how its queue stands. */
export interface WorkerMetrics {
  contentType: string;
  text(): Promise<string>;
  began(worker: WorkerRow): void;
  claimed(isAgain: boolean): void;
  claimEnded(how: 'committed' | 'refused' | 'released' | 'failed' | 'lost'): void;
  phaseEnded(phase: Phase, seconds: number): void;
  trialEnded(outcome: Outcome, seconds: number): void;
  asked(made: MadeRequest): void;
  gates(gates: RateGates): RateGates;
  stands(activity: () => Activity): void;
}

const labelsOf = ({ baseUrl, apiKey }: MadeRequest['to']) => ({ endpoint: baseUrl, key: keyDigest(apiKey) });

/** @param census asks the queue; a rejection is said as a metric */
export function workerMetrics(census: () => Promise<Census>): WorkerMetrics {
  const on = instruments();
  let looking: Promise<void> | undefined;
  let activityOf: (() => Activity) | undefined;
  for (const how of ['committed', 'refused', 'released', 'failed', 'lost']) on.claimsEnded.inc({ how }, 0);
  for (const claim of ['first', 'again']) on.claims.inc({ claim }, 0);
  for (const phase of phases) on.phaseSeconds.zero({ phase });

  const look = async () => {
    const counted = new Map<Phase, number>(phases.map((phase) => [phase, 0]));
    for (const { phase } of activityOf?.().trials ?? []) counted.set(phase, (counted.get(phase) ?? 0) + 1);
    for (const [phase, many] of counted) on.inPhase.set({ phase }, many);
    try {
      const { runs, trials, attempts, workers } = await census();
      on.queueRuns.set(runs);
      on.queueWorkers.set(workers);
      for (const [state, many] of Object.entries(trials)) on.queueTrials.set({ state }, many);
      for (const [how, many] of Object.entries(attempts)) on.queueAttempts.set({ how }, many);
      on.queueReached.set(1);
    } catch {
      for (const stale of [on.queueTrials, on.queueAttempts]) stale.reset();
      for (const stale of [on.queueRuns, on.queueWorkers]) stale.remove();
      on.queueReached.set(0);
    }
  };

  return {
    contentType: on.registry.contentType,
    async text() {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      await looking;
      return on.registry.metrics();
    },
    began({ id, version, capacity, offers }) {
      const offered = (kind: string) =>
        offers.flatMap((offer) => (offer.startsWith(kind) ? [offer.slice(kind.length)] : [])).join(',');
      on.worker.set({ worker: id, version, sandbox: offered('sandbox:'), labels: offered('label:') }, 1);
      on.capacity.set(capacity);
    },
    claimed(isAgain) {
      on.claims.inc({ claim: isAgain ? 'again' : 'first' });
      on.leases.inc();
    },
    claimEnded(how) {
      on.claimsEnded.inc({ how });
      on.leases.dec();
    },
    phaseEnded: (phase, seconds) => on.phaseSeconds.observe({ phase }, seconds),
    trialEnded(outcome, seconds) {
      on.trials.inc({ outcome });
      on.trialSeconds.observe(seconds);
    },
    asked({ to, answered, tokens, costUsd }) {
      const labels = labelsOf(to);
      on.requests.inc({ ...labels, came: answered ? 'answered' : 'failed' });
      if (tokens) {
        on.tokens.inc({ ...labels, kind: 'input' }, tokens.input);
        on.tokens.inc({ ...labels, kind: 'output' }, tokens.output);
      }
      if (costUsd !== undefined) on.cost.inc(labels, costUsd);
    },
    stands(activity) {
      activityOf = activity;
    },
    gates: (gates) => (to) => {
      const gate = gates(to);
      const labels = labelsOf(to);
      return {
        ...gate,
        shut(ms) {
          on.rateLimited.inc(labels);
          gate.shut(ms);
        },
        enter(work, request) {
          const askedAt = performance.now();
          return gate.enter((took) => {
            on.waitSeconds.observe(labels, (performance.now() - askedAt) / 1000);
            return work(took);
          }, request);
        },
      };
    },
  };
}
