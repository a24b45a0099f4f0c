import { messageOf } from '../../errors.ts';
import { canonicalJson } from '../../schema/canonical-json.ts';
import type { Agent, AgentDecision } from '../agent.ts';
import { isCrash } from './failure.ts';
import { wrapped } from './spent.ts';

/** Characters of a decision that was outvoted, as the record shows it. */
const shownChars = 500;

/**
 * Asks `count` times at once and takes the decision whose calls came most often, of two equally frequent ones the first. Calls are the same
 * where tools and arguments are; what is said beside them does not count. A crash is no vote; where all crash, the agent has.
 */
export function voteAgent(count: number, agent: Agent): Agent {
  return {
    ...agent,
    id: `vote(${count}, ${agent.id})`,
    async open(brief) {
      const session = await agent.open(brief);
      return {
        async decide(view, options) {
          const asked = Array.from({ length: count }, () => session.decide(view, options));
          const answers = await Promise.allSettled(asked);
          const crashes = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
          const outside = crashes.find((error) => !isCrash(error));
          if (outside !== undefined) throw outside;
          const votes = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
          if (votes.length === 0) throw crashes[0];
          const { taken, agreed, outvoted } = counted(votes);
          const others = [...outvoted.map(shown), ...crashes.map((error) => `none: ${messageOf(error)}`)];
          return wrapped(taken, votes, { by: 'vote', of: count, agreed, others });
        },
        close: () => session.close(),
      };
    },
  };
}

function counted(votes: readonly AgentDecision[]) {
  const groups = new Map<string, [AgentDecision, ...AgentDecision[]]>();
  for (const vote of votes) {
    const same = groups.get(keyOf(vote));
    if (same) same.push(vote);
    else groups.set(keyOf(vote), [vote]);
  }
  const most = [...groups.values()].reduce((best, one) => (one.length > best.length ? one : best));
  const outvoted = votes.filter((vote) => !most.includes(vote));
  return { taken: most[0], agreed: most.length, outvoted };
}

const callsOf = ({ calls, stop }: AgentDecision) =>
  calls.length > 0
    ? calls.map(({ tool, arguments: args, exact, malformed }) => ({ tool, args: malformed ?? exact ?? args }))
    : (stop ?? 'no calls');

const keyOf = (decision: AgentDecision) => canonicalJson(callsOf(decision));

const shown = (decision: AgentDecision) => keyOf(decision).slice(0, shownChars);
