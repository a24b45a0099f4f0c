import type { Bank, BankTask } from '../schema/bank.ts';
import type { ChoicePlan, PlannedTask } from '../schema/choice.ts';

interface Identity {
  name: string;
  digest: string;
  environmentDigest: string;
}

/** A task of the suite as the bank knows it: by its digests, and by its name alone not at all. */
export function plannedTask({ name, digest, environmentDigest }: Identity, bank: Bank): PlannedTask {
  const named = bank.tasks.filter(({ task }) => task === name);
  const known = named.find((one) => one.digest === digest && one.environmentDigest === environmentDigest);
  if (known) return { task: name, ...parametersOf(known) };
  return {
    task: name,
    unknown: named.length > 0 ? 'changed since it was calibrated' : 'not in the bank',
  };
}

function parametersOf({ difficulty, error, discrimination, chance, costUsd }: BankTask) {
  return {
    difficulty,
    error,
    ...(discrimination !== undefined && { discrimination }),
    ...(chance !== undefined && { chance }),
    ...(costUsd !== undefined && { costUsd }),
  };
}

/** What a bank says of agents nobody has seen: they are one more of those that it was fitted to, whose mean is known but roughly. */
export function expectationOf({
  agents,
  abilities: { mean, sd },
  alike,
}: Bank): Pick<ChoicePlan, 'prior' | 'range' | 'alike'> {
  const abilities = agents.length > 0 ? agents.map(({ ability }) => ability) : [mean - 2 * sd, mean + 2 * sd];
  return {
    prior: { mean, sd: sd * Math.sqrt(1 + 1 / Math.max(1, agents.length)) },
    range: { low: Math.min(...abilities), high: Math.max(...abilities) },
    // Where no trial was repeated, nobody knows, and repetitions tell nothing new.
    alike: alike ?? 1,
  };
}
