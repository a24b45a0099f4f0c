import { plain } from '../../../src/report/style.ts';
import { type Column, table } from '../../../src/report/table.ts';
import { median } from '../figure.ts';
import { commandsPerTrial, words } from './command.ts';
import type { Logged } from './log.ts';
import type { Measured } from './measure.ts';

interface Line {
  what: string;
  of(measured: Measured): string;
}

/** A table with a column for each of those that are compared: Proctor first, the engine alone last. */
export function comparisonTable(all: readonly Measured[], trials: number): string {
  const [ours] = all;
  const alone = all.at(-1);
  if (!ours || !alone) throw new Error('there is nothing to compare');
  const lines = [...timeLines(ours, alone, trials), ...logLines()];
  const columns: Column<Line>[] = [
    { title: 'what', cell: ({ what }) => what },
    ...all.map((one): Column<Line> => ({ title: one.name, cell: ({ of }) => of(one), align: 'right' })),
  ];
  return table(columns, lines, { ...plain, width: 200 });
}

function timeLines(ours: Measured, alone: Measured, trials: number): Line[] {
  const timed = (what: string, take: (one: Measured) => number[], show: (ms: number) => string): Line[] => [
    { what, of: (one) => figure(take(one), show) },
    { what: '… to Proctor’s', of: (one) => ratio(take(one), take(ours)) },
    { what: '… to the engine’s alone', of: (one) => ratio(take(one), take(alone)) },
  ];
  const suite = ({ rounds }: Measured) => (rounds.length ? [rounds.reduce((sum, ms) => sum + ms, 0)] : []);
  return [
    ...timed('a call, ms', ({ calls }) => calls, milliseconds),
    ...timed('a trial, s', ({ trials: whole }) => whole, seconds),
    ...timed(`the suite of ${trials} trials, s`, suite, seconds),
    { what: 'start to the first request, s', of: ({ starts }) => figure(starts, seconds) },
    {
      what: 'memory of its processes at the most, MB',
      of: ({ peakMb }) => figure(peakMb, (mb) => mb.toFixed(0)),
    },
    {
      what: 'on disk per trial, kB',
      of: ({ bytes }) => (bytes > 0 ? (bytes / trials / 1000).toFixed(0) : '–'),
    },
  ];
}

function logLines(): Line[] {
  const line = (what: string, count: (log: Logged) => number, whole: number): Line => ({
    what,
    of: ({ logged }) => (logged.length === 0 ? '–' : `${least(logged.map(count))} of ${whole}`),
  });
  const found = (of: readonly string[]) => (log: Logged) =>
    of.filter((word) => log.text.includes(word)).length;
  return [
    { what: 'trials with the reward 1', of: rewarded },
    line('in the log: what commands printed', found(words.printed), commandsPerTrial),
    line('… requests to the model', ({ models }) => models, commandsPerTrial + 1),
    line('… a file made in the working folder', found(words.inside), 1),
    line('… a file made elsewhere', found(words.outside), 1),
    line('… a name asked of the network', found(words.network), 1),
    line('… a setuid shell that was made', found(words.opened), 1),
    line('… a finding for it', ({ findings }) => Math.min(findings, 1), 1),
  ];
}

/** What holds for every trial. */
const least = (counts: readonly number[]) => Math.min(...counts);

const rewarded = ({ logged }: Measured) =>
  logged.length === 0 ? '–' : `${logged.filter(({ reward }) => reward === 1).length} of ${logged.length}`;

function figure(samples: readonly number[], show: (value: number) => string): string {
  if (samples.length === 0) return '–';
  const shown = show(median(samples));
  return samples.length === 1
    ? shown
    : `${shown} (${show(Math.min(...samples))}..${show(Math.max(...samples))})`;
}

const ratio = (samples: readonly number[], to: readonly number[]) =>
  samples.length === 0 || to.length === 0 ? '–' : (median(samples) / median(to)).toFixed(2);

const milliseconds = (ms: number) => (ms < 100 ? ms.toPrecision(3) : ms.toFixed(0));
const seconds = (ms: number) => (ms / 1000).toPrecision(3);
