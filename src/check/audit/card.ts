import { agentGaps } from '../../comparison/held-out.ts';
import { type SetTrial, taskKey } from '../../comparison/trial-set.ts';
import { gapNote, gapText } from '../../comparison/wording.ts';
import { several, share } from '../../format.ts';
import { askedLine } from '../../report/asked.ts';
import { markdownTable, rowsOf } from '../../report/markdown-table.ts';
import { code, inline } from '../../report/markdown-text.ts';
import { healthMarkdown } from '../../report/suite-health.ts';
import type { Column } from '../../report/table.ts';
import type { AgentGap } from '../../schema/held-out.ts';
import type { Asked } from '../../schema/private-split.ts';
import type { Suite } from '../../schema/suite.ts';
import type { SuiteHealth } from '../../schema/suite-health.ts';
import { auditNames } from './audit-line.ts';
import type { SuiteAudit } from './audit-suite.ts';
import { supportedState } from './supported-state.ts';

/** Trials of the suite's tasks as they are now, and how many are of tasks that were otherwise or are others. */
export function comparable(
  { tasks }: Pick<SuiteAudit, 'tasks'>,
  trials: readonly SetTrial[],
): { own: SetTrial[]; changed: number; foreign: number; gaps: AgentGap[] } {
  const keys = new Set(tasks.map(taskKey));
  const names = new Set(tasks.map(({ task }) => task));
  const own = trials.filter((trial) => keys.has(taskKey(trial)));
  const named = trials.filter(({ task }) => names.has(task)).length;
  const instances = trials.filter(({ instance }) => instance && names.has(instance.base));
  const gaps = agentGaps([...own, ...instances]);
  return { own, changed: named - own.length, foreign: trials.length - named, gaps };
}

/** What runs say of a suite. */
export interface CardRuns {
  health?: SuiteHealth;
  /** Trials that were left out: of tasks that changed since, and of tasks that are none of the suite's. */
  changed: number;
  foreign: number;
  /** What agents are better at as published than held out. */
  gaps?: readonly AgentGap[];
  /** How often its private split was asked; absent where it declares none. */
  asked?: Asked;
}

/** A suite on one page, in Markdown. */
export function suiteCard(
  audit: SuiteAudit & { sandbox: string },
  { health, changed, foreign, gaps = [], asked }: CardRuns,
): string {
  const { suite, declared, digest, lines, tasks, sandbox } = audit;
  const { state, why } = supportedState(audit, health);
  return `${[
    `# ${inline(suite)}`,
    ...(declared ? [declarations(declared)] : ['It has no `suite.toml`: nobody says what it is for.']),
    '## State',
    `The evidence supports **${state}**: ${inline(why)}.${toDeclared(declared, state)}`,
    '## Audit',
    `In sandboxes of ${inline(sandbox)}. What was not looked at is no proof.`,
    markdownTable([
      ['status', 'what is so of a good suite', 'evidence'],
      ['---', '---', '---'],
      ...lines.map(({ name, status, evidence }) => [
        status === 'flaw' ? '**flaw**' : status,
        inline(auditNames[name]),
        evidence.map(inline).join('<br>'),
      ]),
    ]),
    '## Runs',
    health ? healthMarkdown(health).trimEnd() : 'No trial of these tasks as they are now was looked at.',
    ...(gaps.length > 0 ? [rowsOf(gapColumns, gaps), inline(gapNote)] : []),
    ...(changed > 0
      ? [
          `${several(changed, 'trial')} of tasks that were otherwise then left out: they are of another suite.`,
        ]
      : []),
    ...(foreign > 0
      ? [`${several(foreign, 'trial')} of other tasks, or of instances of these, are in no figure of health.`]
      : []),
    ...(asked ? [askedLine(asked)] : []),
    '## Tasks',
    `Digest of the suite: ${code(digest)}. Results are comparable where this is the same.`,
    markdownTable([
      ['task', 'digest', 'environment'],
      ['---', '---', '---'],
      ...tasks.map((one) => [
        inline(one.task),
        code(one.digest.slice(0, 12)),
        code(one.environmentDigest.slice(0, 12)),
      ]),
    ]),
  ].join('\n\n')}\n`;
}

const gapColumns: Column<AgentGap>[] = [
  { title: 'agent', cell: ({ agent }) => agent },
  { title: 'published', cell: ({ published }) => share(published), align: 'right' },
  { title: 'held out', cell: ({ heldOut }) => share(heldOut), align: 'right' },
  { title: 'published − held out', cell: gapText },
];

function declarations(declared: Suite): string {
  const { purpose, intended, not_intended, capabilities, contact, licence, version } = declared;
  const list = (title: string, items: readonly string[]) =>
    items.length > 0 ? [`${title}:\n\n${items.map((item) => `- ${inline(item)}`).join('\n')}`] : [];
  return [
    inline(purpose),
    ...list('To be used for', intended),
    ...list('Not to be used for', not_intended),
    ...list('It takes', capabilities),
    `Version ${version}, licence ${inline(licence)}. Flaws are told to ${inline(contact)}.`,
  ].join('\n\n');
}

function toDeclared(declared: Suite | undefined, state: string): string {
  if (!declared) return '';
  if (declared.state === 'retired')
    return ' It is declared retired, which is a decision and not told by evidence.';
  return declared.state === state ? ' So it is declared.' : ` It is declared ${declared.state}.`;
}
