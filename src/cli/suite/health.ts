import { dirname } from 'node:path';
import { suiteHealth } from '../../calibration/health.ts';
import type { SetTrial } from '../../comparison/trial-set.ts';
import { healthMarkdown, renderHealth } from '../../report/suite-health.ts';
import type { Asked } from '../../schema/private-split.ts';
import { splitsIn } from '../../task/generate/made-folder.ts';
import { askedOf } from '../../trace/query-ledger.ts';
import { print, printText } from '../print.ts';
import { type RecordedFlags, recordedTrials } from './recorded.ts';

interface HealthFlags extends RecordedFlags {
  format: 'text' | 'json' | 'markdown';
  json?: boolean;
}

/** `proctor suite health`: whether tasks of a suite still tell agents apart, and which ones to look at. */
export function health(selectors: readonly string[], flags: HealthFlags): void {
  const trials = recordedTrials(selectors, flags);
  const asked = askedIn(trials);
  const found = { ...suiteHealth(trials), ...(asked.length > 0 && { asked }) };
  if (flags.format === 'markdown' && !flags.json) printText(healthMarkdown(found));
  else print(flags.json || flags.format === 'json', found, (style) => renderHealth(found, style));
}

/** How often the private splits were asked that these trials are of. */
function askedIn(trials: readonly SetTrial[]): Asked[] {
  const runs = new Set(
    trials.filter(({ instance }) => instance?.kind === 'private').map(({ dir }) => dirname(dir)),
  );
  const splits = [...runs]
    .flatMap(splitsIn)
    .map((split) => [`${split.suite} ${split.ledger}`, split] as const);
  return [...new Map(splits).values()].map(askedOf);
}
