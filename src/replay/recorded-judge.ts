import type { CallJudge, CallVerdict } from '../orchestrator/plan.ts';
import type { Recording } from './recording.ts';

/** A call that the policy of today would judge otherwise than the record does. */
export interface Rejudged {
  callId: string;
  tool: string;
  recorded: CallVerdict['verdict'];
  today: CallVerdict['verdict'];
}

/**
 * Enforces the recorded verdicts for the first `steps` steps, and lets `today` judge what comes after.
 * What `today` would have said of the recorded calls goes to `rejudged`.
 */
export function recordedJudge(
  { trial }: Recording,
  steps: number,
  today: CallJudge,
  rejudged: (difference: Rejudged) => void,
): CallJudge {
  const judged = trial.steps
    .slice(0, steps)
    .flatMap(({ calls }) => calls.filter(({ malformed }) => malformed === undefined));
  let next = 0;
  return {
    call(tool, args, past, told) {
      const now = today.call(tool, args, past, told);
      const call = judged[next++];
      if (call?.tool !== tool || call.judged === undefined) return now;
      const { verdict, matched, failed } = call.judged;
      if (verdict !== now.verdict)
        rejudged({ callId: call.callId, tool, recorded: verdict, today: now.verdict });
      return { verdict, matched, failed };
    },
  };
}
