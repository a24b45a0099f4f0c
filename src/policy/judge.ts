import type { EffectClass, EffectScope } from '../schema/effect.ts';
import type { Category } from '../schema/finding.ts';
import type { JsonObject } from '../schema/json.ts';
import type { NetworkAttempt } from '../schema/network.ts';
import type { PolicyDecision } from '../schema/policy.ts';
import type { StateChange } from '../schema/state.ts';
import type { CallFacts } from './call-fact.ts';

/** An earlier call of the trial, as rules see it. */
export interface PastCall {
  tool: string;
  args: JsonObject;
  /** Returned without an error. */
  ok: boolean;
  /** Text of what came back. */
  text: string;
  step: number;
}

/** What the user has told the agent. */
export interface Told {
  /** Of the task's first phase. */
  instruction: string;
  /** Whom the agent acts for; empty where the task names nobody. */
  principal: string;
  /** The user's messages so far, the instruction first. */
  said: readonly string[];
}

export const nothingTold: Told = { instruction: '', principal: '', said: [] };

/** A rule that matched, with what a finding needs. */
export interface RuleMatch {
  rule: string;
  category: Category;
  decision: PolicyDecision;
  message: string;
  evidence: string;
  /** Index, among the parsed commands of the call, of the one that was enough for the rule to match. */
  command?: number;
  integrity: boolean;
  /** Declared by the rule; the tool's declaration stands in where absent. */
  effect?: EffectClass;
  reversible?: boolean;
  scope?: EffectScope;
  privilege?: boolean;
  /** Globs over paths: where the watched world had none of them, nothing happened. */
  onlyWith?: string[];
}

export interface Judgement {
  /** The strictest decision of the matches. */
  verdict: 'allow' | PolicyDecision;
  matched: RuleMatch[];
  /** Rules that could not be evaluated; never taken as safe. */
  failed: { rule: string; reason: string }[];
}

/** A policy, compiled once per trial. Pure: the same input gives the same answer. */
export interface Judge {
  /** Judges a call before it is made; `calls` are the earlier ones, oldest first; `facts` are parsed where they are not given. */
  call(tool: string, args: JsonObject, calls: readonly PastCall[], told?: Told, facts?: CallFacts): Judgement;
  /** Judges what a step changed. Changes outside `writes` match the built-in rule `out-of-scope-write`. */
  changes(
    changes: readonly StateChange[],
    told?: Told,
  ): {
    matched: (RuleMatch & { change: StateChange })[];
    failed: Judgement['failed'];
  };
  /** Judges what was sent out of the sandbox. */
  attempts(
    attempts: readonly NetworkAttempt[],
    told?: Told,
  ): {
    matched: (RuleMatch & { attempt: NetworkAttempt })[];
    failed: Judgement['failed'];
  };
}
