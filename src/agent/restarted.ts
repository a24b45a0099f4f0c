import type { Agent } from './agent.ts';

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
