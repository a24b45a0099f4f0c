import { isScored, type SetTrial, taskKey } from '../comparison/trial-set.ts';
import type { SuiteWatch, WatchedAgent, WatchedRun } from '../schema/suite-watch.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { confidence } from '../statistic/confidence.ts';
import { mixingVariance, mixtureRatio, straying } from '../statistic/confidence-sequence.ts';
import { cusum } from '../statistic/cusum.ts';
import { evidenceOf } from '../statistic/e-value.ts';
import { mean } from '../statistic/mean.ts';
import { rewardOf } from './cell.ts';

/** What evidence has to reach so that a false alarm is ever raised with a chance of 5 % at most. */
const alarmAt = 1 / (1 - confidence);
/** The most that rewards from 0 to 1 vary. */
const mostVariance = 1 / 4;
/** Confidence sequences are narrowest after this many trials. */
const narrowestAfter = 100;
/** Failures of tasks that always passed before: as often as by chance, and as often as is looked for. */
const heaps = { from: 0.05, to: 0.2 };

/** Watches runs that are in order, the oldest first; `since` is one of them, and not the first. */
export function watchSuite(
  trials: readonly SetTrial[],
  { runs, since, level }: { runs: readonly string[]; since: string; level?: number },
): SuiteWatch {
  const scored = trials.filter(isScored);
  const start = runs.indexOf(since);
  const agents = [...groupBy(scored, ({ agent }) => agent)];
  return {
    version: 1,
    since,
    agents: agents.map(([agent, own]) => watched(agent, own, { runs, start, level })),
  };
}

interface Terms {
  runs: readonly string[];
  start: number;
  level: number | undefined;
}

function watched(agent: string, trials: readonly SetTrial[], { runs, start, level }: Terms): WatchedAgent {
  const byRun = runs.map((run) => trials.filter((trial) => trial.run === run));
  const before = byRun.slice(0, start).flat();
  const left = new Map([...groupBy(before, taskKey)].map(([key, own]) => [key, own.map(rewardOf)]));
  let [broke, fixed, unpaired] = [0, 0, 0];
  const rows = byRun.flatMap((own, at): WatchedRun[] => {
    if (own.length === 0) return [];
    for (const trial of at < start ? [] : own) {
      const earlier = left.get(taskKey(trial))?.shift();
      if (earlier === undefined) unpaired += 1;
      else if (rewardOf(trial) < earlier) broke += 1;
      else if (rewardOf(trial) > earlier) fixed += 1;
    }
    const part = at < start ? 'baseline' : 'since';
    const passed = mean(own.map(rewardOf));
    return [
      { run: runs[at] ?? '', part, trials: own.length, passed, broke, fixed, ...evidenceOf(broke, fixed) },
    ];
  });
  const after = byRun.slice(start).filter((own) => own.length > 0);
  const levelled = levelOf(after, level);
  const heap = heapOf(before, after);
  const last = rows.at(-1);
  return {
    agent,
    runs: rows,
    unpaired,
    ...levelled,
    ...(heap && { heap }),
    alarms: [
      ...(last && last.worse >= alarmAt
        ? [`does worse: ${broke} pairs went worse and ${fixed} better (evidence ${last.worse.toFixed(0)})`]
        : []),
      ...(levelled.level && levelled.since && isBelow(levelled.level, levelled.since.mean)
        ? [
            `completes ${levelled.since.mean.toFixed(2)}, which is below ${levelled.level.asked} beyond chance`,
          ]
        : []),
    ],
  };
}

const isBelow = ({ asked, evidence }: { asked: number; evidence: number }, found: number) =>
  found < asked && evidence >= alarmAt;

/** Over tasks that every run tried: each run has the same tasks, so that their difficulty moves nothing. */
function levelOf(
  after: readonly (readonly SetTrial[])[],
  asked: number | undefined,
): Pick<WatchedAgent, 'since' | 'level'> {
  const keys = after.map((own) => groupBy(own, taskKey));
  const shared = [...(keys[0]?.keys() ?? [])].filter((key) => keys.every((own) => own.has(key)));
  const values = keys.flatMap((own) => shared.map((key) => mean((own.get(key) ?? []).map(rewardOf))));
  if (values.length === 0) return {};
  const centre = mean(values);
  const variance = values.length * mostVariance;
  const mixing = mixingVariance(narrowestAfter * mostVariance);
  const half = straying(variance, mixing) / values.length;
  const interval = { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
  return {
    since: { tasks: shared.length, mean: centre, interval },
    ...(asked !== undefined && {
      level: { asked, evidence: mixtureRatio((centre - asked) * values.length, variance, mixing) },
    }),
  };
}

function heapOf(before: readonly SetTrial[], after: readonly (readonly SetTrial[])[]): WatchedAgent['heap'] {
  const sure = new Set(
    [...groupBy(before, taskKey)].flatMap(([key, own]) =>
      own.every((one) => rewardOf(one) === 1) ? [key] : [],
    ),
  );
  const trials = after.flat().filter((trial) => sure.has(taskKey(trial)));
  const { alarm } = cusum(
    trials.map((trial) => rewardOf(trial) < 1),
    heaps.from,
    heaps.to,
  );
  if (alarm === undefined) return undefined;
  const failed = trials.slice(0, alarm + 1).filter((trial) => rewardOf(trial) < 1);
  return { run: trials[alarm]?.run ?? '', tasks: [...new Set(failed.map(({ task }) => task))] };
}
