import type { Content } from '../../schema/content.ts';
import type { TokenUsage } from '../../schema/decision.ts';
import type { ToolEffect } from '../../schema/effect.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { Outcome } from '../../schema/outcome.ts';
import type { NewTraceEventOf } from '../../schema/trace-event.ts';
import type { CallFacts, ResultFacts, StepFacts, TrialFacts } from './fact.ts';

/** A trial that was recorded elsewhere, or here and exported: then with the facts that its format had no field for. */
export interface ForeignTrial {
  task: string;
  /** From 1; the next that is free where the record has none. */
  attempt?: number;
  /** Under which the record knows it. */
  id?: string;
  instruction: string;
  guidance?: string;
  agent: { name: string; version?: string; model?: string };
  /** Tools that the record describes. */
  tools: { name: string; description: string; inputSchema: JsonObject }[];
  steps: ForeignStep[];
  /** Of the whole trial; the sum over its steps where it is missing. */
  usage?: TokenUsage;
  costUsd?: number;
  /** Every reward by name; absent where the record has none. */
  rewards?: Record<string, number>;
  outcome?: Outcome;
  error?: { code: string; message: string };
  /** ISO 8601. */
  startedAt?: string;
  endedAt?: string;
  facts?: TrialFacts;
  /** By whoever imports it. */
  declared?: Declared;
  /** What of the record is not kept, each as words. */
  losses: string[];
}

export interface ForeignStep {
  at?: string;
  text?: string;
  reasoning?: string;
  model?: string;
  usage?: TokenUsage;
  costUsd?: number;
  calls: ForeignCall[];
  /** What the agent was told after the step. */
  notice?: string;
  facts?: StepFacts;
}

export interface ForeignCall {
  /** As the record names it. */
  id: string;
  tool: string;
  arguments: JsonObject;
  malformed?: string;
  /** Absent where the record has no answer. */
  result?: { content: Content[]; isError: boolean; at?: string; facts?: ResultFacts };
  facts?: CallFacts;
}

type Started = NewTraceEventOf<'trial.started'>;

/** What is declared of a record by whoever imports it. */
export interface Declared {
  tools: Readonly<Record<string, ToolEffect>>;
  /** Fields of the first event. */
  started: Partial<
    Pick<Started, 'environment' | 'policy' | 'canaries' | 'injections' | 'principal' | 'contract'>
  >;
  /** Fields of the task there. */
  task: Partial<Started['task']>;
  rewards?: Record<string, number>;
}

/** Adds what the agent was told after a step; the instruction of a phase that its facts hold is no notice. */
export function tell(step: ForeignStep, text: string): void {
  if (step.facts?.begins === text) return;
  step.notice = step.notice === undefined ? text : `${step.notice}\n\n${text}`;
}
