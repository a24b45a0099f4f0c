import {
  divergenceLines,
  modeNotes,
  modeRows,
  partingLine,
  rateRows,
} from '../../comparison/behaviour-wording.ts';
import {
  amount,
  capabilityName,
  chance,
  change,
  flipLine,
  flipTitles,
  leftOut,
  measureCells,
  probability,
  scorecardNotes,
  setLine,
} from '../../comparison/wording.ts';
import { money, several } from '../../format.ts';
import type {
  Capability,
  Comparison,
  Flip,
  FlipKind,
  Measure,
  PairComparison,
} from '../../schema/comparison.ts';
import { isUnscored } from '../../schema/score.ts';
import { code, inline } from '../markdown-text.ts';
import { frontierText, groupLines, ofPair } from './many.ts';

const mostCapabilities = 10;
const mostFlips = 10;

/** A comparison in Markdown, for a pull request's comment. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { sets, pairs, many } = comparison;
  const legend = sets.map((set) => `- **${set.key}**: ${inline(setLine(set))}`).join('\n');
  const [only] = pairs;
  const parts = many || !only ? manyParts(comparison) : pairParts(only, comparison);
  return `${[
    `### ${sets.map(({ name }) => code(name)).join(' against ')}`,
    ...parts.slice(0, 1),
    legend,
    ...parts.slice(1),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function pairParts(pair: PairComparison, { sets }: Comparison): string[] {
  return [
    `**${inline(pair.verdict.sentence)}**`,
    pair.heldOut ? inline(pair.heldOut.sentence) : '',
    bullets(leftOut(pair.pairing, sets)),
    scorecardRows(pair.scorecard),
    capabilityRows(pair.capabilities),
    ...(pair.pairing.design === 'paired' ? [flipRows(pair)] : []),
    behaviourRows(pair),
    modeTable(pair),
  ];
}

function scorecardRows(measures: readonly Measure[]): string {
  const rows = measures
    .map(measureCells)
    .map((row) => [row.name, row.a, row.b, row.change, row.p, row.holm, row.better, row.times]);
  const head = ['scorecard', 'A', 'B', 'B − A', 'p', 'Holm', 'P(B better)', 'B / A'];
  return `${grid(head, rows)}\n\n${scorecardNotes(measures).map(inline).join('<br>\n')}`;
}

function capabilityRows(capabilities: readonly Capability[]): string {
  if (capabilities.length === 0) return '';
  const rows = capabilities
    .slice(0, mostCapabilities)
    .map((one) => [
      capabilityName(one),
      String(one.tasks.length),
      ...(isUnscored(one.figure)
        ? ['–', '–', one.figure.unscored]
        : [amount(one.figure.a, 'share'), amount(one.figure.b, 'share'), change(one.figure, 'share')]),
      chance(one.adjusted ?? 1),
    ]);
  const rest = capabilities.length - rows.length;
  const more = rest > 0 ? `\n\nand ${several(rest, 'group')} with less evidence` : '';
  return `${grid(['where', 'tasks', 'A', 'B', 'B − A', 'p'], rows)}${more}`;
}

function flipRows(pair: PairComparison): string {
  const kinds = Object.keys(flipTitles) as FlipKind[];
  const lines = kinds.flatMap((kind) => {
    const own = pair.flips.filter((flip) => flip.kind === kind);
    const rest = own.length - mostFlips;
    return [
      ...own.slice(0, mostFlips).map(flipText),
      ...(rest > 0 ? [`and ${several(rest, 'other task')}`] : []),
    ];
  });
  return [`Flips: ${flipLine(pair, { b: 'B' })}.`, bullets(lines, false)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function flipText({ kind, task, a, b }: Flip): string {
  const side = ({ count, of, trial }: Flip['a']) => `${count} of ${of} (${code(trial.trial)})`;
  return `${kind.replace('-', ' ')} ${code(task)}: A ${side(a)}, B ${side(b)}`;
}

function behaviourRows(pair: PairComparison): string {
  const said = [...divergenceLines(pair), partingLine(pair)].map((line) => `- ${marked(line)}`).join('\n');
  const rows = rateRows(pair).map(({ what, a, b, change, p }) => [what, a, b, change, p]);
  return rows.length === 0 ? said : `${said}\n\n${grid(['behaviour', 'A', 'B', 'B − A', 'Holm'], rows)}`;
}

const mostModes = 10;

function modeTable(pair: PairComparison): string {
  const rows = modeRows(pair, mostModes).map((row) => [
    ...[row.what, row.failed, row.succeeded, row.change, row.p, row.inA, row.inB, row.example],
  ]);
  const head = [
    'goes with failing (+) or not (−)',
    'of failed',
    'of completed',
    'difference',
    'Holm',
    'A',
    'B',
    'see',
  ];
  const table = rows.length === 0 ? [] : [grid(head, rows)];
  return [...table, modeNotes(pair).map(inline).join('<br>\n')].join('\n\n');
}

/** Text with names in backquotes, which stay. */
const marked = (text: string) =>
  text
    .split('`')
    .map((part, at) => (at % 2 === 0 ? inline(part) : code(part)))
    .join('');

function manyParts({ sets, pairs, many }: Comparison): string[] {
  const name = (key: string) => sets.find((set) => set.key === key)?.name ?? key;
  const verdicts = pairs.map((pair) => {
    const { verdict, heldOut, pairing } = pair;
    const said = [
      verdict.sentence,
      ...(heldOut ? [heldOut.sentence] : []),
      ...leftOut(pairing, ofPair(sets, pair)),
    ]
      .map(inline)
      .join(' ');
    return `- **${pair.a}–${pair.b}**: ${said} ${inline(flipLine(pair, { b: pair.b }))}.`;
  });
  if (!many) return [verdicts.join('\n')];
  const frontier = isUnscored(many.frontier)
    ? `Cost against completion: ${inline(many.frontier.unscored)}.`
    : grid(
        ['cost against completion', 'completion', 'per trial', 'on the frontier', 'P(on it)'],
        many.frontier.points.map((point) => [
          `${point.key} ${name(point.key)}`,
          amount(point.completion, 'share'),
          money(point.costUsd),
          frontierText(point),
          probability(point.probability),
        ]),
      );
  const [title, ...groups] = groupLines(many, name).split('\n');
  return [verdicts.join('\n'), `${title}\n\n${bullets(groups.map((line) => line.trim()))}`, frontier];
}

const bullets = (lines: readonly string[], escaped = true) =>
  lines.map((line) => `- ${escaped ? inline(line) : line}`).join('\n');

/** A table of Markdown. */
function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows.map((cells) => cells.map(inline))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
