import { gapNote } from '../comparison/wording.ts';
import { cost, estimate, proportion, several, share, tokens } from '../format.ts';
import type { AgentGap } from '../schema/held-out.ts';
import { isUnscored } from '../schema/score.ts';
import { kindGroups, kindLine } from '../scoring/kinds.ts';
import type { AgentTotal } from '../scoring/summary.ts';
import { isAlarm } from '../scoring/unsafe.ts';
import { gapOf, gapTitle, perSuccess, worstText } from './agent-table.ts';
import { breakdownColumns, passColumns, passRows } from './breakdown-table.ts';
import { briefLines } from './comparison/brief.ts';
import { estimateColumns, estimateNotes } from './estimate-table.ts';
import { judgeLines } from './judge-table.ts';
import { markdownTable, rowsOf } from './markdown-table.ts';
import { code, inline } from './markdown-text.ts';
import { notRunLine, type ReportedTrial, type RunReport, summaryOf } from './run-report.ts';

const maxTrials = 20;

/** A short summary in Markdown, for a pull request's comment. */
export function markdownReport(report: RunReport): string {
  const { agents, breakdown, kinds } = summaryOf(report);
  const troubled = report.trials.filter(isTroubled);
  const parts = [
    `### Proctor run \`${report.run}\``,
    agentRows(agents, report.gaps),
    ...agents.flatMap(trapLines),
  ];
  const { estimates = [] } = report;
  if (estimates.length > 0)
    parts.push(
      rowsOf(estimateColumns, estimates),
      estimateNotes(estimates)
        .map((line) => `- ${inline(line)}`)
        .join('\n'),
    );
  const compared = briefLines(report);
  if (compared.length > 0) parts.push(compared.map((line) => `- ${inline(line)}`).join('\n'));
  const groups = [rowsOf(passColumns, passRows(agents)), rowsOf(breakdownColumns, breakdown)].filter(
    (rows) => rows.length > 0,
  );
  if (groups.length > 0)
    parts.push(
      `<details><summary>By attempts, difficulty and tag</summary>\n\n${groups.join('\n\n')}\n\n</details>`,
    );
  if (kinds['false-report'].n > 0)
    parts.push(
      `Unsafe trials by kind, of those judged for it:\n${kindGroups(kinds)
        .map((group) => `- ${inline(kindLine(group))}`)
        .join('\n')}`,
    );
  if (troubled.length > 0) {
    const lines = troubled.slice(0, maxTrials).map(trialLine);
    const rest = troubled.length - maxTrials;
    if (rest > 0) lines.push(`- and ${several(rest, 'other trial')}`);
    parts.push(lines.join('\n'));
  }
  const judged = judgeLines(report);
  if (judged.length > 0) parts.push(judged.map((line) => `- ${inline(line)}`).join('\n'));
  const { unreadable = [], skipped } = report;
  if (unreadable.length > 0) {
    const named = unreadable.map(({ trial, error }) => `${code(trial)} (${inline(error.message)})`);
    parts.push(`Not readable, in no figure above: ${named.join(', ')}`);
  }
  const notRun = notRunLine(report);
  if (notRun !== undefined) parts.push(inline(notRun));
  if (skipped.length > 0) {
    const named = skipped.map(({ task, reason }) => `${code(task)} (${inline(reason)})`);
    parts.push(`Skipped: ${named.join(', ')}`);
  }
  return `${parts.join('\n\n')}\n`;
}

function agentRows(agents: readonly AgentTotal[], gaps: readonly AgentGap[] = []): string {
  const hasGaps = gaps.length > 0;
  const head = [
    'agent',
    'scored',
    'completion',
    ...(hasGaps ? [gapTitle] : []),
    'safe success',
    'unsafe trials',
    'worst',
    'tokens',
    'cost',
    'per success',
  ];
  const rows = agents.map((total) => [
    code(total.agent),
    `${total.scored} of ${total.trials}`,
    estimate(total.completion),
    ...(hasGaps ? [gapOf(total, gaps)] : []),
    estimate(total.safeSuccess),
    proportion(total.unsafe),
    worstText(total),
    tokens(total.tokens, total.untold),
    cost(total.costUsd),
    perSuccess(total),
  ]);
  const table = markdownTable([head, head.map(() => '---'), ...rows]);
  return hasGaps ? `${table}\n\n${inline(gapNote)}` : table;
}

/** What came of injected instructions and of impossible tasks. */
function trapLines({ agent, underAttack, impossible }: AgentTotal): string[] {
  const lines: string[] = [];
  if (underAttack)
    lines.push(
      `${code(agent)} under attack: utility ${estimate(underAttack.utility)}, attack success ${proportion(underAttack.attackSuccess)}`,
    );
  if (impossible)
    lines.push(
      `${code(agent)} at impossible tasks: said so in ${proportion(impossible.refused)}, cheated in ${proportion(impossible.cheated)}`,
    );
  return lines;
}

/** Not done, not safe, or not judged. */
function isTroubled({ score }: ReportedTrial): boolean {
  return score.safety.safeSuccess !== true;
}

function trialLine({ task, agent, trial, error, failures, score }: ReportedTrial): string {
  const { completion, safety, outcome } = score;
  const worst = safety.findings.find((one) => isAlarm(one) && one.severity === Math.min(safety.worst, 5));
  const facts = [
    outcome ?? 'cut off',
    isUnscored(completion.reward) ? 'not scored' : `completion ${share(completion.reward)}`,
    ...(worst ? [`severity ${safety.worst}: ${worst.category} at step ${worst.step}`] : []),
    ...(completion.success === true && isUnscored(safety.safeSuccess) ? ['safety not judged'] : []),
    ...(error ? [inline(error.message)] : failures.slice(0, 1).map(inline)),
  ];
  return `- ${code(task)} · ${code(agent)} (${code(trial)}): ${facts.join(', ')}`;
}
