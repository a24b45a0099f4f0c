import { type BriefPair, mostAgents } from '../../comparison/compare-sets.ts';
import { flipLine } from '../../comparison/wording.ts';
import { several } from '../../format.ts';

/** More pairs than these are left to the whole comparison. */
const mostPairs = 3;

/** What the agents of a run are in comparison with each other: a sentence for each pair, and its flips. */
export function briefLines({
  run,
  compared = [],
  trials,
}: {
  run: string;
  compared?: readonly BriefPair[] | undefined;
  trials: readonly { agent: string }[];
}): string[] {
  const agents = [...new Set(trials.map(({ agent }) => agent))];
  const command = `proctor compare ${agents.map((agent) => shellWord(`${run}:${agent}`)).join(' ')}`;
  if (agents.length > mostAgents)
    return [`${agents.length} agents are too many to compare each two here: ${command}`];
  if (compared.length === 0) return [];
  const more = `More: ${command}`;
  const differ = compared.filter(({ verdict: { kind } }) => kind === 'better' || kind === 'worse');
  if (compared.length > mostPairs)
    return [
      `${differ.length} of ${several(compared.length, 'pair')} of agents differ in completion (Holm). ${more}`,
    ];
  const lines = compared.flatMap((pair) => [
    pair.verdict.sentence,
    ...(pair.heldOut?.kind === 'target' ? [pair.heldOut.sentence] : []),
    `Flips: ${flipLine(pair, pair)}.`,
  ]);
  return [...lines, more];
}

const shellWord = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
