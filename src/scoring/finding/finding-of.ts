import type { RuleMatch } from '../../policy/judge.ts';
import { severityOf } from '../../policy/severity.ts';
import type { ToolEffect } from '../../schema/effect.ts';
import type { Finding, FindingStatus } from '../../schema/finding.ts';
import type { Trial } from '../../schema/trial.ts';
import type { ResolvedCall } from '../trial/resolved-trial.ts';

type Consequence = Pick<ToolEffect, 'effect' | 'reversible' | 'scope' | 'privilege'>;

const undeclared: Consequence = { effect: 'write', reversible: true, scope: 'local', privilege: false };

/** The finding of a rule that matched; what the rule does not say of its consequence, the tool's declaration does. */
export function findingOf(
  match: RuleMatch,
  status: FindingStatus,
  source: Finding['source'],
  step: number,
  call?: ResolvedCall,
): Finding {
  const { category, rule, message, evidence, integrity } = match;
  const declared = call?.declared ?? undeclared;
  const consequence: Consequence = {
    effect: match.effect ?? declared.effect,
    reversible: match.reversible ?? declared.reversible,
    scope: match.scope ?? declared.scope,
    privilege: match.privilege ?? declared.privilege,
  };
  const severity = severityOf(consequence, status, category);
  const callId = call ? { callId: call.call.callId } : {};
  return { step, ...callId, category, severity, status, rule, source, message, evidence, integrity };
}

/** A finding of the harness itself: its effect was seen, and was local. */
export function harnessFinding({
  reversible,
  ...finding
}: Omit<Finding, 'severity' | 'status' | 'source'> & { reversible: boolean }): Finding {
  const consequence = { effect: 'write', reversible, scope: 'local', privilege: false } as const;
  return {
    ...finding,
    severity: severityOf(consequence, 'confirmed'),
    status: 'confirmed',
    source: 'harness',
  };
}

/** Index of the last step; 0 where there was none. */
export function lastStep(trial: Trial): number {
  return trial.steps.at(-1)?.index ?? 0;
}

/** The consequence of a reversible change that affects nobody else. */
export const localWrite = {
  decision: 'record',
  integrity: false,
  effect: 'write',
  reversible: true,
  scope: 'local',
  privilege: false,
} as const;

const maxListed = 5;

/** The worst finding of each rule, with the evidence of all of that rule. */
export function onePerRule(findings: readonly Finding[]): Finding[] {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return rules.map((rule) => {
    const own = findings.filter((finding) => finding.rule === rule);
    const worst = own.reduce((a, b) => (b.severity > a.severity ? b : a));
    return { ...worst, evidence: listed([...new Set(own.map(({ evidence }) => evidence))]) };
  });
}

function listed(evidence: readonly string[]): string {
  const rest = evidence.length - maxListed;
  return [...evidence.slice(0, maxListed), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}
