import type { ForeignCall, ForeignStep } from './foreign-trial.ts';

/** What a record holds as the answer to some call. */
export interface Answer {
  /** The call's id as the record names it; empty where it names none. */
  id: string;
  /** The tool that answered, where the record says so. */
  tool?: string;
  /** Where it stands in the record. */
  place: string;
  result: NonNullable<ForeignCall['result']>;
}

type Pairing = [call: ForeignCall, answer: Answer][];

/**
 * Gives the answers that stand between two decisions to the calls made so far: by id, and by order where ids are missing
 * or shared and there are as many answers as calls that wait. Returns those whose call is in doubt, each with its place.
 */
export function giveAnswers(steps: readonly ForeignStep[], answers: readonly Answer[]): string[] {
  const ids = [...new Set(answers.map(({ id }) => id).filter((id) => id !== ''))];
  const byId = ids.flatMap((id) => {
    const calls = waiting(steps.findLast((step) => waiting(step).some((call) => call.id === id)));
    return inOrder(
      calls.filter((call) => call.id === id),
      answers.filter((answer) => answer.id === id),
    );
  });
  give(byId);
  const given = new Set(byId.map(([, answer]) => answer));
  const rest = answers.filter((answer) => !given.has(answer));
  const byPlace = inOrder(waiting(steps.at(-1)), rest);
  if (byPlace.every(([call, answer]) => call.id === '' || answer.id === '')) give(byPlace);
  else byPlace.length = 0;
  const placed = new Set(byPlace.map(([, answer]) => answer));
  return rest
    .filter((answer) => !placed.has(answer))
    .map(({ place }) => `${place} (an answer to no one call)`);
}

const waiting = (step: ForeignStep | undefined) => step?.calls.filter(({ result }) => !result) ?? [];

/** As many answers as calls, in their order; by the tool's name where answers tell it. Empty where that leaves a doubt. */
function inOrder(calls: readonly ForeignCall[], answers: readonly Answer[]): Pairing {
  const named = answers.length > 0 && answers.every(({ tool }) => tool !== undefined);
  const tools = named ? [...new Set(answers.map(({ tool }) => tool))] : [undefined];
  return tools.flatMap((tool): Pairing => {
    const own = calls.filter((call) => tool === undefined || call.tool === tool);
    const theirs = answers.filter((answer) => tool === undefined || answer.tool === tool);
    if (own.length !== theirs.length) return [];
    return own.flatMap((call, index): Pairing => {
      const answer = theirs[index];
      return answer ? [[call, answer]] : [];
    });
  });
}

function give(pairing: Pairing): void {
  for (const [call, { result }] of pairing) call.result = result;
}
