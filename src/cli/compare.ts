import { compareSets } from '../comparison/compare-sets.ts';
import { selectSets } from '../comparison/select-set.ts';
import { comparisonMarkdown } from '../report/comparison/markdown.ts';
import { renderComparison } from '../report/comparison/render.ts';
import { print, printText } from './print.ts';

interface CompareFlags {
  out: string;
  task: string[];
  tag: string[];
  agent: string[];
  /** In points of a hundred. */
  margin: number;
  explore?: boolean;
  format: 'text' | 'json' | 'markdown';
  json?: boolean;
}

/** `proctor compare`: reads recorded trials and compares sets of them; the first set is the one that others are compared with. */
export function compare(selectors: readonly string[], flags: CompareFlags): void {
  const { task, tag, agent, margin, explore = false } = flags;
  const filters = { task, tag, agent };
  const sets = selectSets(selectors, flags.out, filters);
  const comparison = compareSets(sets, { margin: margin / 100, explore, filters });
  if (flags.format === 'markdown' && !flags.json) printText(comparisonMarkdown(comparison));
  else
    print(flags.json || flags.format === 'json', comparison, (style) => renderComparison(comparison, style));
}
