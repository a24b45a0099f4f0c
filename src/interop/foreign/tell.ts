import type { ForeignStep } from './foreign-trial.ts';

/** Adds what the agent was told after a step; the instruction of a phase that its facts hold is no notice. */
export function tell(step: ForeignStep, text: string): void {
  if (step.facts?.begins === text) return;
  step.notice = step.notice === undefined ? text : `${step.notice}\n\n${text}`;
}
