import type { MadeRequest } from '../../agent/model/ask.ts';
import type { Activity, Phase } from '../../queue/activity.ts';
import type { RateGates } from '../../queue/budget/rate-gate.ts';
import type { WorkerRow } from '../../queue/workers.ts';
import type { Outcome } from '../../schema/outcome.ts';

/** How a claim ended. */
export type ClaimEnd = 'committed' | 'refused' | 'released' | 'failed' | 'lost';

/** Who follows what a worker does. */
export interface WorkerWatch {
  began(worker: WorkerRow): void;
  /** @param isAgain whether others had claimed it before */
  claimed(isAgain: boolean): void;
  claimEnded(how: ClaimEnd): void;
  /** A trial was for so long in a phase. */
  phaseEnded(phase: Phase, seconds: number): void;
  /** @param seconds since its claim */
  trialEnded(outcome: Outcome, seconds: number): void;
  /** A request of a model was made. */
  asked(made: MadeRequest): void;
  /** The same gates, whose waits are seen. */
  gates(gates: RateGates): RateGates;
  /** How the worker stands, at any time. */
  stands(activity: () => Activity): void;
}
