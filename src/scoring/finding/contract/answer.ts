import { submitTool } from '../../../schema/builtin-tool.ts';
import type { Step } from '../../../schema/trial.ts';
import { leavesOf, type ResolvedCall, type ResolvedTrial } from '../../trial/resolved-trial.ts';

/** What the agent told its user in the end, and where. */
export interface Answer {
  step: Step;
  call: ResolvedCall | undefined;
  text: string;
}

/** What was submitted, and what the last decision says. */
export function answersOf({ trial, calls, bodies }: ResolvedTrial): Answer[] {
  const submitted = calls
    .filter(({ call, tried }) => tried && call.tool === submitTool)
    .map((call) => ({ step: call.step, call, text: leavesOf(call.args).join('\n') }));
  const last = trial.steps.at(-1);
  const { text } = last?.decision ?? {};
  if (last === undefined || text === undefined) return submitted;
  return [...submitted, { step: last, call: undefined, text: bodies.text(text) }];
}
