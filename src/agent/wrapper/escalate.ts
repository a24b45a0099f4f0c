import { createHash } from 'node:crypto';
import { messageOf, ProctorError } from '../../errors.ts';
import type { Json, JsonObject } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';
import type { Agent, AgentDecision, AgentSession, DecideOptions } from '../agent.ts';
import { givesUp, isCrash } from './failure.ts';
import { wrapped } from './spent.ts';

/** Steps in a row in which every call failed, after which the second agent takes over. */
const failedSteps = 3;

/**
 * The first agent decides until it gives up without submitting, crashes, has no room left in its context, or every call of three steps in
 * a row came back as an error; from then on the second one does. That it has taken over is read from the record, so a trial that is
 * resumed or forked stays with it. What the first one submits stands.
 */
export function escalateAgent(first: Agent, second: Agent): Agent {
  const unpriced = first.unpriced ?? second.unpriced;
  const digest = createHash('sha256').update(`${first.digest} ${second.digest}`).digest('hex');
  return {
    id: `escalate(${first.id}, ${second.id})`,
    digest,
    parameters: { ...objectOf(first.parameters), ...objectOf(second.parameters) },
    seesSolution: first.seesSolution === true || second.seesSolution === true,
    ...(unpriced !== undefined && { unpriced }),
    async check(tasks) {
      await first.check?.(tasks);
      await second.check?.(tasks);
    },
    async open(brief) {
      const begun = await first.open(brief);
      let later: AgentSession | undefined;
      const takeOver = async (
        view: View,
        options: DecideOptions,
        made: AgentDecision[],
        because?: string,
      ) => {
        later ??= await second.open(brief);
        const decision = await later.decide(view, options);
        const did = { by: 'escalate' as const, agent: second.id, ...(because !== undefined && { because }) };
        return wrapped(decision, [...made, decision], did);
      };
      return {
        async decide(view, options) {
          if (hasTakenOver(view, second)) return takeOver(view, options, []);
          if (onlyFails(view)) return takeOver(view, options, [], `all calls of ${failedSteps} steps failed`);
          let decision: AgentDecision;
          try {
            decision = await begun.decide(view, options);
          } catch (error) {
            options.signal.throwIfAborted();
            if (!isCrash(error) && !(error instanceof ProctorError && error.code === 'context-overflow'))
              throw error;
            return takeOver(view, options, [], messageOf(error));
          }
          if (!givesUp(decision, view)) return decision;
          return takeOver(view, options, [decision], `${first.id} gave up`);
        },
        async close() {
          await begun.close();
          await later?.close();
        },
      };
    },
  };
}

const objectOf = (parameters: Json | undefined) => (parameters ?? {}) as JsonObject;

const hasTakenOver = ({ steps }: View, { id }: Agent) =>
  steps.some(({ decision }) => decision.wrapped?.some((one) => one.by === 'escalate' && one.agent === id));

function onlyFails({ steps }: View): boolean {
  const last = steps.slice(-failedSteps);
  return (
    last.length === failedSteps &&
    last.every(({ observations }) => observations.length > 0 && observations.every(({ isError }) => isError))
  );
}
