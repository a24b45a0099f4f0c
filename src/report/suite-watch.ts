import { several, share } from '../format.ts';
import type { SuiteWatch, WatchedAgent, WatchedRun } from '../schema/suite-watch.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** What became of each agent, run by run, and what of that is beyond chance. */
export function renderWatch({ agents, since }: SuiteWatch, style: Style): string {
  return [
    ...agents.map((agent) => agentPart(agent, style)),
    `Since ${since}, each trial is paired with one of the same task from before, and none is used twice; evidence may be looked at after every run, and of 20 or more raises a false alarm in one of twenty suites at most.`,
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

function agentPart(agent: WatchedAgent, style: Style): string {
  const { bold, red } = style.colors;
  return [
    bold(agent.agent),
    table<WatchedRun>(
      [
        { title: 'run', cell: ({ run }) => run },
        { title: '', cell: ({ part }) => (part === 'baseline' ? 'before' : 'since') },
        { title: 'trials', cell: ({ trials }) => String(trials), align: 'right' },
        { title: 'passed', cell: ({ passed }) => share(passed), align: 'right' },
        {
          title: 'worse',
          cell: ({ part, broke }) => (part === 'since' ? String(broke) : ''),
          align: 'right',
        },
        {
          title: 'better',
          cell: ({ part, fixed }) => (part === 'since' ? String(fixed) : ''),
          align: 'right',
        },
        {
          title: 'evidence for worse',
          cell: ({ part, worse }) => (part === 'since' ? worse.toFixed(2) : ''),
          align: 'right',
        },
        {
          title: 'for a change',
          cell: ({ part, changed }) => (part === 'since' ? changed.toFixed(2) : ''),
          align: 'right',
        },
      ],
      agent.runs,
      style,
    ),
    ...notes(agent),
    ...(agent.alarms.length > 0 ? agent.alarms.map((alarm) => red(`alarm: ${alarm}`)) : ['no alarm']),
  ].join('\n');
}

function notes({ since, level, heap, unpaired }: WatchedAgent): string[] {
  return [
    ...(since
      ? [
          `${share(since.mean)} [${share(since.interval.low)}, ${share(since.interval.high)}] since, over ${several(since.tasks, 'task')} that every run tried; the interval holds at every look${level ? `; evidence against ${level.asked}: ${level.evidence.toFixed(2)}` : ''}`,
        ]
      : []),
    ...(heap
      ? [
          `failures of tasks that always passed before heap up in ${heap.run}: ${heap.tasks.join(', ')} (a hint)`,
        ]
      : []),
    ...(unpaired > 0
      ? [
          `${several(unpaired, 'trial')} had no fresh trial of before left to be paired with; a longer baseline sees more`,
        ]
      : []),
  ];
}
