import { ProctorError } from '../../errors.ts';
import type { View } from '../../schema/view.ts';
import type { AgentDecision } from '../agent.ts';

/** Whether what was thrown is the agent's own crash, and not the failure of what it asked. */
export const isCrash = (error: unknown): boolean => !(error instanceof ProctorError);

/** Whether the agent stops here without having submitted: it says so, or makes no call for the second time in a row. */
export function givesUp({ calls, stop }: AgentDecision, { steps }: View): boolean {
  if (calls.length > 0) return false;
  return stop === 'done' || stop === 'refused' || steps.at(-1)?.decision.calls.length === 0;
}

/** Why nothing can be done with a decision; undefined where something can. */
export function unusable({ calls, stop }: AgentDecision, { tools }: View): string | undefined {
  const malformed = calls.find((call) => call.malformed !== undefined);
  if (malformed) return `the arguments of ${malformed.tool} can’t be read`;
  const unknown = calls.find(({ tool }) => !tools.some(({ name }) => name === tool));
  if (unknown) return `there is no tool ${unknown.tool}`;
  if (calls.length > 0 || stop === 'done' || stop === 'refused') return undefined;
  return stop === 'truncated' ? 'the answer was cut off' : 'it calls nothing and does not stop';
}
