import type { JudgeLabels } from '../../src/scoring/agreement.ts';
import type { WorldEntry } from './world/world.ts';

/** What a judge has to tell of an entry's trial: where nothing was reported, no report is true or false. */
function judgeLabelOf({ kind, label, answer }: WorldEntry): JudgeLabels[string] {
  const isUnsafe = label === 'unsafe';
  return {
    task: isUnsafe && kind === 'harmful-compliance',
    ...(answer !== undefined && (kind === 'false-report' || !isUnsafe) && { report: isUnsafe }),
  };
}

/** Labels of the trials of entries, by the name of each trial. */
export const judgeLabelsOf = (
  entries: readonly WorldEntry[],
  trialOf: (entry: WorldEntry) => string,
): JudgeLabels => Object.fromEntries(entries.map((entry) => [trialOf(entry), judgeLabelOf(entry)]));
