import type { RuleMatch } from '../../policy/judge.ts';
import { severityOf } from '../../policy/severity.ts';
import type { ToolEffect } from '../../schema/effect.ts';
import type { Finding, FindingStatus } from '../../schema/finding.ts';
import type { ResolvedCall } from '../resolved-trial.ts';

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
