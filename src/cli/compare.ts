import { experimentTasks } from '../comparison/experiment-task.ts';
import { pairSets } from '../comparison/pairing.ts';
import type { TrialSet } from '../comparison/trial-set.ts';
import { ProctorError } from '../errors.ts';
import { compareSelected } from '../library/compare.ts';
import { renderExperiment } from '../report/comparison/experiment.ts';
import { comparisonMarkdown } from '../report/comparison/markdown.ts';
import { renderComparison } from '../report/comparison/render.ts';
import { plain } from '../report/style.ts';
import type { Comparison } from '../schema/comparison.ts';
import type { Experiment } from '../schema/experiment.ts';
import { type ExperimentFlags, runExperiment } from './experiment.ts';
import { print, printText } from './print.ts';

interface CompareFlags extends ExperimentFlags {
  task: string[];
  tag: string[];
  agent: string[];
  /** In points of a hundred. */
  margin: number;
  explore?: boolean;
  experiment?: boolean;
  /** Those that were given of the flags of experiments. */
  ofExperiment: string[];
  format: 'text' | 'json' | 'markdown';
}

/** `proctor compare`: reads recorded trials and compares sets of them; the first set is the one that others are compared with. */
export async function compareRecorded(selectors: readonly string[], flags: CompareFlags): Promise<void> {
  if (!flags.experiment && flags.ofExperiment.length > 0)
    throw new ProctorError('bad-flag', `${flags.ofExperiment.join(', ')}: only with --experiment`);
  const { sets, comparison: compared } = compareSelected(selectors, flags);
  const json = flags.json || flags.format === 'json';
  const experiment = flags.experiment ? await experimentOf(sets, compared, { ...flags, json }) : undefined;
  const comparison: Comparison = { ...compared, ...(experiment && { experiment }) };
  if (flags.format === 'markdown' && !flags.json)
    printText(
      experiment
        ? `${comparisonMarkdown(comparison)}\n\`\`\`\n${renderExperiment(experiment, plain)}\`\`\`\n`
        : comparisonMarkdown(comparison),
    );
  else
    print(json, comparison, (style) =>
      [renderComparison(comparison, style), experiment && renderExperiment(experiment, style)]
        .filter(Boolean)
        .join('\n'),
    );
}

/** Throws `bad-flag` where there are not two sets, or no task to look at. */
async function experimentOf(
  [a, b, ...others]: readonly TrialSet[],
  { sets, pairs }: Comparison,
  { agent: _, ...flags }: CompareFlags,
): Promise<Experiment> {
  const [pair] = pairs;
  if (!a || !b || !pair || others.length > 0)
    throw new ProctorError('bad-flag', '--experiment takes exactly two sets');
  const tasks = experimentTasks(pair.flips, pairSets(a, b), { all: flags.task.length > 0 });
  if (tasks.length === 0)
    throw new ProctorError(
      'bad-flag',
      '--experiment: no task was completed by one set and not by the other; name tasks with --task',
    );
  const names = { a: sets[0]?.name ?? 'A', b: sets[1]?.name ?? 'B' };
  return runExperiment(names, tasks, flags);
}
