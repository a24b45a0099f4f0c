import type { Script } from '../../schema/task.ts';
import type { AgentSession } from '../agent.ts';
import { fillObserved } from './observed.ts';

/** Plays a script by the number of steps taken so far; past its end it stops as done. */
export function scriptSession(script: Script): AgentSession {
  return {
    decide: async (view) => {
      const step = script[view.steps.length];
      if (!step) return { calls: [], stop: 'done' };
      return {
        ...(step.say !== undefined && { text: step.say }),
        calls: callsOf(step).map((call) => ({
          tool: call.tool,
          arguments: fillObserved(call.arguments, view),
        })),
      };
    },
    close: async () => {},
  };
}

/** The calls of one decision of a script. */
export function callsOf(step: Script[number]) {
  return 'calls' in step ? step.calls : [step];
}
