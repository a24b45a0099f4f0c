import type { View } from '../schema/view.ts';
import type { Agent, AgentSession } from './agent.ts';
import { type Adapt, type RecordedTrial, recordedSession, sawSolution } from './recorded.ts';

export interface Handover {
  record: RecordedTrial;
  /** How many steps are decided as recorded. */
  steps: number;
  /** Whoever decides from then on. */
  next: Agent;
  /** Asked before each decision as long as the record decides, and once more before the other agent does; what it throws ends the trial. */
  follow(view: View): void;
  /** What the record decided, as it has to be decided now. */
  adapt?: Adapt;
}

/** Decides what a record says up to a step, and then asks another agent, under whose name it goes. */
export function handoverAgent({ record, steps, next, follow, adapt }: Handover): Agent {
  return {
    ...next,
    seesSolution: next.seesSolution === true || sawSolution(record),
    async open(brief): Promise<AgentSession> {
      const recorded = recordedSession(record, { whole: true, adapt });
      const session = await next.open(brief);
      return {
        async decide(view, options) {
          if (view.steps.length <= steps) follow(view);
          return (view.steps.length < steps ? recorded : session).decide(view, options);
        },
        close: () => session.close(),
      };
    },
  };
}

/** An agent that does not see the first `steps` steps, and so begins where others have left off as if nothing had been done. */
export function restartedAgent(agent: Agent, steps: number): Agent {
  return {
    ...agent,
    async open(brief) {
      const session = await agent.open(brief);
      return {
        decide: (view, options) => session.decide({ ...view, steps: view.steps.slice(steps) }, options),
        close: () => session.close(),
      };
    },
  };
}
