import { programDecision } from '../schema/decision.ts';
import type { AgentDecision } from './agent.ts';

const form = '{"calls": [{"tool": "…", "arguments": {…}}]}, with text or stop where there are none';

/** A decision as a program gave it. Throws a plain error, the agent's crash, that says what is wrong in it. */
export function readDecision(value: unknown): AgentDecision {
  const { data, error } = programDecision.safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  const at = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw new Error(`gave what is no decision (${at}${issue?.message}); expected ${form}`);
}
