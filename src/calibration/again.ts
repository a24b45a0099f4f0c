import type { Choice, ChoiceEvent, ChoicePlan, ChoiceStop, TaskEnd } from '../schema/choice.ts';
import { nextChoice } from './choose.ts';

/** Chosen again from what was recorded. */
export interface ChosenAgain {
  /** Choices and stops that were looked at. */
  choices: number;
  /** The first that comes out otherwise: its place among them, from 1, what was recorded, and what would be chosen. */
  difference?: { at: number; recorded: string; again: string };
}

/** Chooses again at every moment at which a run chose, from the outcomes that it had by then. */
export function chooseAgain(plan: ChoicePlan, past: readonly ChoiceEvent[]): ChosenAgain {
  let choices = 0;
  for (const [at, event] of past.entries()) {
    if (event.type !== 'chosen' && event.type !== 'stopped') continue;
    choices += 1;
    const next = nextChoice(plan, past.slice(0, at));
    const again = next === undefined || next === 'wait' ? 'nothing' : told(next);
    if (told(event) !== again) return { choices, difference: { at: choices, recorded: told(event), again } };
  }
  return { choices };
}

const told = (event: Pick<Choice, 'type' | 'agent' | 'task'> | Pick<ChoiceStop, 'type' | 'agent' | 'why'>) =>
  event.type === 'chosen' ? `${event.task} for ${event.agent}` : `the end of ${event.agent} (${event.why})`;

/** The past with outcomes as they are scored by now; those that were none stay so. */
export function rescored(
  past: readonly ChoiceEvent[],
  outcomeOf: (agent: string, task: string) => Pick<TaskEnd, 'passed' | 'n'>,
): ChoiceEvent[] {
  return past.map((event) => {
    if (event.type !== 'ended' || event.passed === undefined) return event;
    const { passed: _, ...ended } = event;
    return { ...ended, ...outcomeOf(event.agent, event.task) };
  });
}
