import { suiteHealth } from '../../calibration/health.ts';
import { healthMarkdown, renderHealth } from '../../report/suite-health.ts';
import { print, printText } from '../print.ts';
import { type RecordedFlags, recordedTrials } from './recorded.ts';

interface HealthFlags extends RecordedFlags {
  format: 'text' | 'json' | 'markdown';
  json?: boolean;
}

/** `proctor suite health`: whether tasks of a suite still tell agents apart, and which ones to look at. */
export function health(selectors: readonly string[], flags: HealthFlags): void {
  const found = suiteHealth(recordedTrials(selectors, flags));
  if (flags.format === 'markdown' && !flags.json) printText(healthMarkdown(found));
  else print(flags.json || flags.format === 'json', found, (style) => renderHealth(found, style));
}
