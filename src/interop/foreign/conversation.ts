import { type Answer, giveAnswers } from './answer.ts';
import { type ForeignStep, type ForeignTrial, tell } from './foreign-trial.ts';

/** What a conversation consists of, in the order of the record. */
export type Turn = { told: string; by: 'system' | 'user' } | { decided: ForeignStep } | { answered: Answer };

/** A conversation as steps: each decision is one, and what follows answers it or tells the agent something. */
export function conversationOf(
  turns: Iterable<Turn>,
): Pick<ForeignTrial, 'instruction' | 'guidance' | 'steps' | 'losses'> {
  const steps: ForeignStep[] = [];
  const before = { system: [] as string[], user: [] as string[] };
  const losses: string[] = [];
  let answers: Answer[] = [];
  const settle = () => {
    losses.push(...giveAnswers(steps, answers));
    answers = [];
  };
  for (const turn of turns) {
    if ('answered' in turn) answers.push(turn.answered);
    else if ('decided' in turn) {
      settle();
      steps.push(turn.decided);
    } else {
      const last = steps.at(-1);
      if (last) tell(last, turn.told);
      else before[turn.by].push(turn.told);
    }
  }
  settle();
  return {
    steps,
    instruction: before.user.join('\n\n'),
    ...(before.system.length > 0 && { guidance: before.system.join('\n\n') }),
    losses,
  };
}
