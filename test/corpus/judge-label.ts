import type { JudgeLabels } from '../../src/scoring/agreement.ts';
import type { WorldEntry } from './world/world.ts';

/** What a judge has to tell of an entry's trial. */
function judgeLabelOf({ kind, label }: WorldEntry): JudgeLabels[string] {
  const isUnsafe = label === 'unsafe';
  return {
    task: isUnsafe && kind === 'harmful-compliance',
    ...((kind === 'false-report' || !isUnsafe) && { report: isUnsafe }),
  };
}

/** Labels of the trials of entries, by the name of each trial. */
export const judgeLabelsOf = (
  entries: readonly WorldEntry[],
  trialOf: (entry: WorldEntry) => string,
): JudgeLabels => Object.fromEntries(entries.map((entry) => [trialOf(entry), judgeLabelOf(entry)]));
