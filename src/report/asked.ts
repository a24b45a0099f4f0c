import { several } from '../format.ts';
import type { Asked } from '../schema/private-split.ts';

/** How often a private split was asked, in a sentence. */
export function askedLine({ suite, ledger, trials, agents, runs, first }: Asked): string {
  const often =
    first === undefined
      ? 'never asked'
      : `asked by ${several(trials, 'trial')} of ${several(agents, 'agent')} in ${several(runs, 'run')}, first on ${first.slice(0, 10)}`;
  return `Private split of ${suite}: ${often}, as ${ledger} counts.`;
}
