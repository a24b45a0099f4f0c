import type { Agent, AgentDecision } from '../../../src/agent/agent.ts';

/** An agent that gives these answers in turn, over all of its sessions, and notes how often it was opened. */
export function fakeAgent(id: string, answers: (AgentDecision | Error)[]): Agent & { opened: number } {
  const left = [...answers];
  const agent = {
    id,
    opened: 0,
    async open() {
      agent.opened++;
      return {
        decide: async () => {
          const next = left.shift();
          if (!next || next instanceof Error) throw next ?? new Error('nothing is left');
          return next;
        },
        close: async () => {},
      };
    },
  };
  return agent;
}

/** A decision that runs a command, and what it took. */
export const running = (command: string, costUsd = 0.1): AgentDecision => ({
  calls: [{ tool: 'bash', arguments: { command } }],
  model: 'm',
  usage: { input: 10, output: 1 },
  costUsd,
});
