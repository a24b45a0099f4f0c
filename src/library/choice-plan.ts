import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { itemOf } from '../calibration/history.ts';
import { expectationOf, plannedTask } from '../calibration/plan-choices.ts';
import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import { displayPath, readAuthorFile } from '../schema/author-file.ts';
import { bank } from '../schema/bank.ts';
import type { ChoicePlan } from '../schema/choice.ts';
import { errorAt } from '../statistic/ability.ts';
import { effectiveTrials } from '../statistic/alike.ts';
import { sha256 } from '../trace/digest.ts';

/** Flags of a run that chooses its tasks. */
export interface ChoiceFlags {
  adaptive?: string;
  stratified?: boolean;
  se?: number;
  maxTasks?: number;
  maxCost?: number;
  attempts: number;
  seed: string;
}

/** What a run chooses its tasks by; undefined where it runs them all. Throws `bad-flag` or `bad-file`. */
export function choicePlanOf(trials: readonly TrialSpec[], flags: ChoiceFlags): ChoicePlan | undefined {
  const { adaptive: path, stratified = false, se, maxTasks, maxCost, attempts, seed } = flags;
  if (path === undefined) {
    const [given] = Object.entries({
      '--stratified': stratified || undefined,
      '--se': se,
      '--max-tasks': maxTasks,
    })
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name);
    if (given === undefined) return undefined;
    throw new ProctorError(
      'bad-flag',
      `${given}: expected --adaptive BANK too, the file that calibrate wrote`,
    );
  }
  if (stratified && se !== undefined)
    throw new ProctorError(
      'bad-flag',
      '--se: a stratified run estimates no ability; say --max-tasks or --max-cost',
    );
  if (se === undefined && maxTasks === undefined && maxCost === undefined)
    throw new ProctorError(
      'bad-flag',
      `--adaptive: expected where it ends: ${stratified ? '' : '--se, '}--max-tasks or --max-cost`,
    );
  const known = readAuthorFile(path, bank);
  const tasks = new Map(
    trials.map(({ task: { name, digest }, environment }) => [
      name,
      plannedTask({ name, digest, environmentDigest: environment.digest }, known),
    ]),
  );
  const plan: ChoicePlan = {
    type: 'planned',
    version: 1,
    at: new Date().toISOString(),
    mode: stratified ? 'stratified' : 'adaptive',
    bank: {
      path: resolve(path),
      sha256: sha256(readFileSync(path)),
      agents: known.agents.length,
      trials: known.trials,
    },
    ...expectationOf(known),
    agents: [...new Set(trials.map(({ agent }) => agent.id))],
    attempts,
    tasks: [...tasks.values()],
    ...(se !== undefined && { se }),
    ...(maxTasks !== undefined && { maxTasks }),
    ...(maxCost !== undefined && { maxCostUsd: maxCost }),
    seed: createHash('sha256').update(seed).digest().readInt32BE(),
  };
  if (!stratified && plan.tasks.every(({ difficulty }) => difficulty === undefined))
    throw new ProctorError(
      'bad-flag',
      `--adaptive ${displayPath(path)}: it knows none of ${several(tasks.size, 'task')} as they are today; calibrate runs of them`,
    );
  return plan;
}

/** What is to be known before a run begins, one line each. */
export function choiceWarnings(plan: ChoicePlan): string[] {
  const { bank: rests, tasks, se, prior, mode } = plan;
  const unknown = tasks.filter((one) => one.unknown !== undefined);
  const lines: string[] = [];
  if (rests.agents < fewAgents)
    lines.push(
      `${displayPath(rests.path)} rests on ${several(rests.agents, 'agent')} alone: difficulties are rough`,
    );
  if (unknown.length > 0)
    lines.push(
      mode === 'adaptive'
        ? `${several(unknown.length, 'task')} of ${tasks.length} ${unknown.length === 1 ? 'is' : 'are'} not known to the bank, never chosen, and not in the estimate`
        : `${several(unknown.length, 'task')} of ${tasks.length} ${unknown.length === 1 ? 'is' : 'are'} not known to the bank: a stratum of their own`,
    );
  const n = effectiveTrials(plan.attempts, plan.alike);
  const all = tasks.flatMap((one) => {
    const item = itemOf(one);
    return item ? [{ item, n }] : [];
  });
  const reached = errorAt(prior.mean, all, prior);
  if (se !== undefined && reached > se)
    lines.push(
      `all ${several(all.length, 'task')} together reach about ± ${reached.toFixed(2)}, not --se ${se}`,
    );
  return lines;
}

const fewAgents = 5;
