import { watchSuite } from '../../calibration/watch.ts';
import { ProctorError } from '../../errors.ts';
import { renderWatch } from '../../report/suite-watch.ts';
import { didYouMean } from '../../schema/nearest.ts';
import { print } from '../print.ts';
import { type RecordedFlags, recordedTrials } from './recorded.ts';

interface WatchFlags extends RecordedFlags {
  since?: string;
  level?: number;
  gate?: boolean;
  json?: boolean;
}

/** `proctor suite watch`: runs of one suite over time. Throws `gate-not-met` where that was asked for and an alarm was raised. */
export function watch(selectors: readonly string[], flags: WatchFlags): void {
  const trials = recordedTrials(selectors, flags);
  const runs = [...new Set(trials.map(({ run }) => run))].sort();
  const watched = watchSuite(trials, {
    runs,
    since: sinceOf(runs, flags.since),
    ...(flags.level !== undefined && { level: flags.level }),
  });
  print(flags.json, watched, (style) => renderWatch(watched, style));
  const alarms = watched.agents.flatMap(({ agent, alarms }) => alarms.map((alarm) => `${agent} ${alarm}`));
  if (flags.gate && alarms.length > 0) throw new ProctorError('gate-not-met', alarms.join('; '));
}

/** The run that was named, by its id or the beginning of it; else the second. */
function sinceOf(runs: readonly string[], named: string | undefined): string {
  const [first, second] = runs;
  if (second === undefined)
    throw new ProctorError('bad-flag', `suite watch: expected two runs or more, got ${first} alone`);
  if (named === undefined) return second;
  const found = runs.find((run) => run.startsWith(named));
  if (found === undefined)
    throw new ProctorError(
      'bad-flag',
      `--since ${named}: no such run among these${didYouMean(named, runs) || `; the newest is ${runs.at(-1)}`}`,
    );
  if (found === first)
    throw new ProctorError('bad-flag', `--since ${named}: expected a run with others before it`);
  return found;
}
