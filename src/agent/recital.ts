import { resolveDecision } from '../trace/stored-decision.ts';
import type { Agent } from './agent.ts';
import { type RecordedTrial, sawSolution } from './recorded.ts';

/** Makes the calls of a recorded trial, whatever comes back, in any trial that it is given; stops as done after the last one. */
export function recitalAgent(record: RecordedTrial, id: string): Agent {
  return {
    id,
    seesSolution: sawSolution(record),
    open: async () => ({
      decide: async (view) => {
        const step = record.trial.steps[view.steps.length];
        if (step === undefined) return { calls: [], stop: 'done' };
        const { calls } = resolveDecision(step.decision, record.bodies);
        return { calls: calls.map(({ tool, arguments: given }) => ({ tool, arguments: given })) };
      },
      close: async () => {},
    }),
  };
}
