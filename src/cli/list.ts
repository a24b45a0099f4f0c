import { resolve } from 'node:path';
import { cost, estimate } from '../format.ts';
import type { Style } from '../report/style.ts';
import { table } from '../report/table.ts';
import type { RunSummary } from '../scoring/run-summary.ts';
import { chooseRuns, isFolderOfRuns } from '../viewer/library.ts';
import { createRunList } from '../viewer/run-response.ts';
import { print } from './print.ts';

/** `proctor list`: the recorded runs, newest first; those in which every word is found, where there are some. */
export async function list(words: string[], flags: { out: string; json?: boolean }): Promise<void> {
  const all = isFolderOfRuns(flags.out)
    ? await createRunList(chooseRuns(resolve(flags.out), flags.out).library)()
    : [];
  const runs = all.filter((run) => words.every((word) => isAbout(run, word)));
  print(flags.json, { runs }, (style) => render(runs, all.length, flags.out, style));
}

function isAbout({ run, kind, status, tasks, agents }: RunSummary, word: string): boolean {
  const wanted = word.toLowerCase();
  return [run, kind, status, ...tasks, ...agents].some((text) => text.toLowerCase().includes(wanted));
}

function render(runs: RunSummary[], all: number, out: string, style: Style): string {
  if (runs.length === 0)
    return all === 0 ? `no runs in ${out} yet\n` : `none of the ${all} runs in ${out} matches\n`;
  const columns = [
    { title: 'run', cell: ({ run }: RunSummary) => run },
    { title: 'kind', cell: ({ kind }: RunSummary) => kind, keep: 6 },
    { title: 'status', cell: ({ status }: RunSummary) => status, keep: 3 },
    { title: 'tasks', cell: tasksOf },
    { title: 'agents', cell: ({ agents }: RunSummary) => agents.join(', ') },
    { title: 'scored', cell: scoredOf, keep: 7 },
    { title: 'completion', cell: ({ completion }: RunSummary) => estimate(completion) },
    { title: 'safe success', cell: ({ safeSuccess }: RunSummary) => estimate(safeSuccess), keep: 5 },
    { title: 'cost', cell: ({ costUsd }: RunSummary) => cost(costUsd), align: 'right' as const, keep: 4 },
    { title: 'started', cell: ({ startedAt }: RunSummary) => minuteOf(startedAt), keep: 2 },
  ];
  return `${table(columns, runs, style)}\n`;
}

const scoredOf = ({ scored, trials, notRun }: RunSummary) =>
  `${scored} of ${trials}${notRun > 0 ? ` (${notRun} not run)` : ''}`;

/** The only task, else the suites and how many tasks there are. */
function tasksOf({ suites, tasks }: RunSummary): string {
  return tasks.length === 1 ? (tasks[0] ?? '') : `${suites.join(', ')} (${tasks.length})`;
}

const minuteOf = (at: string) => at.slice(0, 16).replace('T', ' ');
