import { chance, signed } from '../comparison/wording.ts';
import { fewestTasks, least, leastStrong, levels, sought } from '../contamination/verdict.ts';
import { several, share } from '../format.ts';
import type { ContaminatedTask, Contamination, Measured, Recited, SignId } from '../schema/contamination.ts';
import { isUnscored, type Unscored } from '../schema/score.ts';
import { rowsOf } from './markdown-table.ts';
import { inline } from './markdown-text.ts';
import type { Style } from './style.ts';
import { type Column, table } from './table.ts';

/** Whether an agent knew what is published, for the terminal. */
export function renderContamination(found: Contamination, style: Style): string {
  const { bold } = style.colors;
  return [
    table(taskColumns, found.tasks, style),
    table(signColumns, signRows(found), style),
    ...(isUnscored(found.recited) ? [] : [table(recitedColumns, recitedRows(found.recited), style)]),
    [bold(verdictLine(found)), ...because(found), ...untold(found), ...notes(found)].join('\n'),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

/** The same in Markdown. */
export function contaminationMarkdown(found: Contamination): string {
  const list = (lines: readonly string[]) => lines.map((line) => `- ${inline(line)}`).join('\n');
  return `${[
    '### Contamination',
    `**${inline(verdictLine(found))}**`,
    list([...because(found), ...untold(found), ...notes(found)]),
    rowsOf(signColumns, signRows(found)),
    ...(isUnscored(found.recited) ? [] : [rowsOf(recitedColumns, recitedRows(found.recited))]),
    rowsOf(taskColumns, found.tasks),
  ].join('\n\n')}\n`;
}

const taskColumns: Column<ContaminatedTask>[] = [
  { title: 'base task', cell: ({ base }) => base },
  { title: 'trials', cell: ({ trials }) => Object.values(trials).join('+'), align: 'right' },
  { title: 'published', cell: ({ published }) => shareOf(published), align: 'right' },
  { title: 'variants', cell: ({ variants }) => shareOf(variants), align: 'right' },
  { title: 'gap', cell: ({ gap }) => (gap === undefined ? '–' : signed(gap, 'share')), align: 'right' },
];

const shareOf = (value: number | undefined) => (value === undefined ? '–' : share(value));

const names: Record<SignId, string> = {
  content: 'published less variants',
  form: 'usual form less another',
  unseen: 'right identifiers never seen, the same',
  recited: 'calls of variants on published, crossed',
  'unseen-anywhere': 'right identifiers never seen, anywhere',
};

/** What is measured, and by which p; a rank has no size. */
type Shown = Pick<Measured, 'p'> & Partial<Measured>;

interface SignRow {
  name: string;
  measured: Shown | Unscored;
  adjusted: number | undefined;
}

function signRows({ signs, tests, rank, reference }: Contamination): SignRow[] {
  const adjustedOf = (id: string) => tests.find((test) => test.id === id)?.adjusted;
  const rows = signs.flatMap(({ id, own, against }): SignRow[] => [
    { name: names[id], measured: own, adjusted: against ? undefined : adjustedOf(id) },
    ...(against ? [{ name: `… less ${reference}’s`, measured: against, adjusted: adjustedOf(id) }] : []),
  ]);
  const together = tests.find(({ id }) => id === 'published');
  return [
    ...rows,
    ...(together
      ? [{ name: 'published, taken together', measured: { p: together.p }, adjusted: together.adjusted }]
      : []),
    { name: 'rank among variants', measured: rank, adjusted: undefined },
  ];
}

const cellOf =
  (told: (measured: Shown) => string) =>
  ({ measured }: SignRow) =>
    isUnscored(measured) ? '–' : told(measured);

const chanceOf = (p: number | undefined) => (p === undefined ? '–' : chance(p));

function sizeOf({ mean, interval }: Shown): string {
  if (mean === undefined) return '';
  const range = interval ? ` [${signed(interval.low, 'share')}, ${signed(interval.high, 'share')}]` : '';
  return `${signed(mean, 'share')}${range}`;
}

const signColumns: Column<SignRow>[] = [
  { title: 'sign', cell: ({ name }) => name },
  { title: 'tasks', cell: cellOf(({ tasks }) => String(tasks ?? '')), align: 'right' },
  { title: 'points, 95 % interval', cell: cellOf(sizeOf) },
  { title: 't', cell: cellOf(({ t }) => chanceOf(t)), align: 'right' },
  { title: 'sign-flip', cell: cellOf(({ signFlip }) => chanceOf(signFlip)), align: 'right' },
  { title: 'one-sided', cell: cellOf(({ p }) => chance(p)), align: 'right' },
  { title: 'adjusted', cell: ({ adjusted }) => chanceOf(adjusted), align: 'right' },
];

interface RecitedRow {
  name: string;
  measured: Recited | Unscored;
}

const recitedRows = (recited: Exclude<Contamination['recited'], Unscored>): RecitedRow[] => [
  { name: 'itself, published', measured: recited.itself.published },
  { name: 'its calls there, made again', measured: recited.onPublished },
  { name: 'itself, variants', measured: recited.itself.variants },
  { name: 'its calls of published, on fresh instances', measured: recited.onFresh },
  { name: 'its calls of variants, on published', measured: recited.ofVariantsOnPublished },
];

const ofRecited =
  (told: (measured: Recited) => string) =>
  ({ measured }: RecitedRow) =>
    isUnscored(measured) ? '–' : told(measured);

const recitedColumns: Column<RecitedRow>[] = [
  { title: 'memory baseline', cell: ({ name }) => name },
  { title: 'tasks', cell: ofRecited(({ tasks }) => String(tasks)), align: 'right' },
  { title: 'trials', cell: ofRecited(({ trials }) => String(trials)), align: 'right' },
  {
    title: 'reward, 95 % interval',
    cell: ofRecited(
      ({ mean, interval }) =>
        `${share(mean)}${interval ? ` [${share(interval.low)}, ${share(interval.high)}]` : ''}`,
    ),
  },
];

/** Why what has no figure has none. */
const untold = ({ signs, rank }: Contamination) =>
  [
    ...signs.map(({ id, own, against = own }) => ({
      name: names[id],
      measured: isUnscored(own) ? own : against,
    })),
    { name: 'rank among variants', measured: rank },
  ].flatMap(({ name, measured }) =>
    isUnscored(measured) ? [`${name}: not told, since ${measured.unscored}`] : [],
  );

function verdictLine({ agent, reference, verdict }: Contamination): string {
  const beside = reference === undefined ? '' : `, beside ${reference}`;
  return `${agent}${beside}: ${isUnscored(verdict) ? `no verdict: ${verdict.unscored}` : verdict}`;
}

const because = ({ because: why }: Contamination) => why.map((line) => `  ${line}`);

function notes({ reference, canaries, tests, leftOut, infrastructureErrors }: Contamination): string[] {
  const points = (of: number) => Math.round(of * 100);
  return [
    `suspicious: p at most ${levels.suspicious}, adjusted by max-T for all tests, and ${points(least.content)} points or more (identifiers: ${points(least.unseen)}); strong: ${levels.strong} and ${points(leastStrong)} points in content, or a planted value that was never shown; fewer than ${fewestTasks} independent base tasks are not judged. No evidence is no proof that an agent knows nothing.`,
    ...tests.flatMap(({ id, finds, needs }) =>
      id === 'published' || finds === undefined || needs === undefined
        ? []
        : [
            `${names[id]}: ${points(sought.power)} % of differences of ${points(finds)} points would be found with as many tasks; ${several(needs, 'task')} would find ${points(sought.difference)}`,
          ],
    ),
    ...(reference === undefined
      ? [
          'Without --reference, variants that are harder for everybody look the same as published ones that are known, and an agent that knows how instances are made is not told from one that is good.',
        ]
      : [`Judged by the differences to ${reference}, which is taken to know nothing of these tasks.`]),
    isUnscored(canaries)
      ? `planted values: not told, since ${canaries.unscored}`
      : `planted values never shown to it, in its calls: ${canaries.completed.length} of ${several(canaries.trials, 'trial')}${canaries.completed.map(({ trial, name, step }) => `; ${name} in ${trial}, step ${step}`).join('')}`,
    'Of arguments, those are looked at that are declared to name something; what an agent knows and was shown too can’t be told apart.',
    ...(infrastructureErrors > 0
      ? [`${several(infrastructureErrors, 'infrastructure error')}, in no figure`]
      : []),
    ...leftOut.map(({ base, why }) => `left out: ${base}, ${why}`),
  ];
}
