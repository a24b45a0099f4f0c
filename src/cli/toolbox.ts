import type { TrialParts } from '../orchestrator/plan.ts';
import { openToolbox } from '../tool/open-toolbox.ts';
import type { Log } from './log.ts';

/** Bytes of one call's output after which its command is killed. */
const captureBytes = 64 * 1024 * 1024;

/** Opens the tools of a trial, and puts what their servers say into the program's log as well. */
export function toolboxOpener(log: Log): TrialParts['openToolbox'] {
  return ({ plan, sandbox, signal, notify }) =>
    openToolbox({
      environment: plan.environment,
      ...(sandbox && { sandbox }),
      seed: plan.seed,
      clock: plan.clock,
      data: plan.data,
      signal,
      captureBytes,
      notify(notification) {
        log.debug({ trial: plan.trial, ...notification }, 'tool server');
        notify(notification);
      },
    });
}
