import { messageOf } from '../../errors.ts';
import type { Agent, AgentDecision, AgentSession } from '../agent.ts';
import { isCrash, unusable } from './failure.ts';
import { wrapped } from './spent.ts';

/**
 * Asks again, up to `count` times, where a decision crashed or can't be used; after a crash the agent is opened anew. The last one is
 * taken as it is. What was done is never undone: the world is as it was when it was first asked.
 */
export function retryAgent(count: number, agent: Agent): Agent {
  return {
    ...agent,
    id: `retry(${count}, ${agent.id})`,
    async open(brief): Promise<AgentSession> {
      let session = await agent.open(brief);
      return {
        async decide(view, options) {
          const failed: string[] = [];
          const made: AgentDecision[] = [];
          for (;;) {
            const last = failed.length === count;
            try {
              const decision = await session.decide(view, options);
              made.push(decision);
              const why = unusable(decision, view);
              if (why === undefined || last)
                return failed.length === 0 ? decision : wrapped(decision, made, { by: 'retry', failed });
              failed.push(why);
            } catch (error) {
              if (last || !isCrash(error)) throw error;
              options.signal.throwIfAborted();
              failed.push(messageOf(error));
              await session.close();
              session = await agent.open(brief);
            }
          }
        },
        close: () => session.close(),
      };
    },
  };
}
