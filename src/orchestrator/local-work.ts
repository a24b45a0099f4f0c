import type { Ledger } from './ledger.ts';
import type { TrialEnd } from './trial.ts';
import type { TrialSpec } from './trial-plan.ts';
import type { Work } from './work.ts';

/** Decides while a run goes on which of its trials is run next. */
export interface TrialChooser {
  /** Trials that are run at most. */
  most: number;
  /** Undefined where nothing is to begin before a trial under way has ended, or at all. */
  next(): TrialSpec | undefined;
  /** Told how a trial ended when it is not tried again, as it was tried last; `cut` where the run's budget was spent meanwhile. */
  ended(spec: TrialSpec, end: TrialEnd, cut: boolean): void;
}

/** Trials that this process alone runs and keeps account of. */
export function localWork(chooser: TrialChooser, ledger: Ledger): Work {
  return {
    claim() {
      const spec = chooser.next();
      return (
        spec && {
          spec,
          begin: (tried) => ledger.update(tried, { status: 'running' }),
          end: (tried, { outcome }, head) => ledger.update(tried, { status: 'ended', outcome, head }),
          finish: chooser.ended,
        }
      );
    },
  };
}

/** All trials, one after the other. */
export function inOrder(trials: readonly TrialSpec[]): TrialChooser {
  const left = trials.values();
  return { most: trials.length, next: () => left.next().value, ended: () => {} };
}
