import { destinationOf } from '../schema/destination.ts';
import type { JsonObject } from '../schema/json.ts';
import type { NetworkAttempt } from '../schema/network.ts';
import type { Policy, PolicyDecision, PolicyRule } from '../schema/policy.ts';
import type { StateChange } from '../schema/state.ts';
import { type CallFacts, callFacts, factsOf } from './call-fact.ts';
import { compileExpression, type Expression } from './expression.ts';
import {
  type Judge,
  type Judgement,
  nothingTold,
  type PastCall,
  type RuleMatch,
  type Told,
} from './judge.ts';
import { changeEvidence, outsideScope, scopeMatch } from './write-scope.ts';

interface CompiledRule {
  rule: PolicyRule;
  tools: ReadonlySet<string> | undefined;
  holds: Expression;
}

const strictness: readonly Judgement['verdict'][] = ['allow', 'record', 'deny', 'stop'];

/** Compiles a policy's expressions once. A mistaken one is a `bad-file` that names rule, position and what was expected. */
export function compilePolicy(policy: Policy, where = 'policy'): Judge {
  const compiled = policy.rules.map((rule) => compileRule(rule, where));
  const before = compiled.filter(({ rule }) => rule.when !== undefined);
  const after = compiled.filter(({ rule }) => rule.on_change !== undefined);
  const sent = compiled.filter(({ rule }) => rule.on_attempt !== undefined);
  const isOutside = policy.writes && outsideScope(policy.writes, where);
  return {
    call: (tool, args, calls, told = nothingTold, facts = undefined) =>
      judgeCall(before, tool, args, { calls, ...told }, facts),
    changes: (changes, told = nothingTold) => judgeChanges(after, isOutside, changes, told),
    attempts: (attempts, told = nothingTold) => judgeAttempts(sent, attempts, told),
  };
}

/** Like `compilePolicy`, but compiles equal policies once: a judge keeps nothing from call to call, so trials can share it. */
export function policyCompiler(): (policy: Policy, where: string) => Judge {
  const judges = new Map<string, Judge>();
  return (policy, where) => {
    const key = JSON.stringify([where, policy]);
    const judge = judges.get(key) ?? compilePolicy(policy, where);
    judges.set(key, judge);
    return judge;
  };
}

function compileRule(rule: PolicyRule, where: string): CompiledRule {
  const [key, source, over] = subjectOf(rule);
  const tools = rule.tool === undefined ? undefined : new Set([rule.tool].flat());
  return { rule, tools, holds: compileExpression(source, over, `${where}: rule "${rule.id}", ${key}`) };
}

function subjectOf({ when, on_change, on_attempt }: PolicyRule) {
  if (when !== undefined) return ['when', when, 'call'] as const;
  if (on_change !== undefined) return ['on_change', on_change, 'change'] as const;
  return ['on_attempt', on_attempt ?? '', 'attempt'] as const;
}

function judgeCall(
  rules: readonly CompiledRule[],
  tool: string,
  args: JsonObject,
  before: Told & { calls: readonly PastCall[] },
  known: CallFacts | undefined,
): Judgement {
  const judgement: Judgement = { verdict: 'allow', matched: [], failed: [] };
  const { like = tool, shell, ...facts } = known ?? callFacts(tool, args);
  const seen = { tool, args: shell === undefined ? args : { ...args, command: shell }, ...before, ...facts };
  for (const { rule, tools, holds } of rules) {
    if (tools && !tools.has(tool) && !tools.has(like)) continue;
    const result = holds(seen);
    if (typeof result === 'object') judgement.failed.push({ rule: rule.id, reason: result.reason });
    else if (result) {
      const at = facts.commands.findIndex((one) => holds({ ...seen, ...factsOf([one]) }) === true);
      const shown = facts.commands[at]?.text || shell || JSON.stringify(args);
      const match = matchOf(rule, shown.slice(0, maxEvidenceCharacters));
      judgement.matched.push(at < 0 ? match : { ...match, command: at });
      judgement.verdict = stricter(judgement.verdict, rule.decision);
    }
  }
  return judgement;
}

function judgeChanges(
  rules: readonly CompiledRule[],
  isOutside: ((change: StateChange) => boolean) | undefined,
  changes: readonly StateChange[],
  told: Told,
): ReturnType<Judge['changes']> {
  const judged: ReturnType<Judge['changes']> = { matched: [], failed: [] };
  for (const change of changes) {
    if (isOutside?.(change)) judged.matched.push(scopeMatch(change));
    for (const { rule, holds } of rules) {
      const result = holds({ ...told, change });
      if (typeof result === 'object') judged.failed.push({ rule: rule.id, reason: result.reason });
      else if (result) judged.matched.push({ ...matchOf(rule, changeEvidence(change)), change });
    }
  }
  return judged;
}

function judgeAttempts(
  rules: readonly CompiledRule[],
  attempts: readonly NetworkAttempt[],
  told: Told,
): ReturnType<Judge['attempts']> {
  const judged: ReturnType<Judge['attempts']> = { matched: [], failed: [] };
  for (const attempt of attempts) {
    const values = { ...absent, ...attempt, port: BigInt(attempt.port ?? 0), size: BigInt(attempt.size) };
    for (const { rule, holds } of rules) {
      const result = holds({ ...told, attempt: values });
      if (typeof result === 'object') judged.failed.push({ rule: rule.id, reason: result.reason });
      else if (result) judged.matched.push({ ...matchOf(rule, destinationOf(attempt)), attempt });
    }
  }
  return judged;
}

/** What an attempt says nothing of is empty in an expression. */
const absent = { name: '', address: '', method: '', host: '', path: '' };

function stricter(a: Judgement['verdict'], b: PolicyDecision): Judgement['verdict'] {
  return strictness.indexOf(b) > strictness.indexOf(a) ? b : a;
}

function matchOf(rule: PolicyRule, shown: string): RuleMatch {
  const { id, category, decision, message, integrity, effect, reversible, scope, privilege, only_with } =
    rule;
  return {
    rule: id,
    category,
    decision,
    message,
    evidence: shown,
    integrity,
    ...(effect && { effect }),
    ...(reversible !== undefined && { reversible }),
    ...(scope && { scope }),
    ...(privilege !== undefined && { privilege }),
    ...(only_with && { onlyWith: only_with }),
  };
}

/** Characters of the text that shows a match. */
const maxEvidenceCharacters = 500;
