import { oracleAgent } from '../agent/oracle.ts';
import { covariatesOf } from '../task/generate/covariate.ts';
import type { Task } from '../task/task.ts';
import { madeUpAgent } from './agent-scripts.ts';
import { borrowedAnswer } from './borrowed-answer.ts';
import { type ProvedTask, proveTasks } from './check-tasks.ts';
import {
  type CheckedTrial,
  type CheckParts,
  runCheckedTrials,
  safeFullMarks,
  type TaskSetup,
} from './checked-trial.ts';
import { driftProblems } from './drift.ts';
import { type CheckResult, type Proof, type ProofName, proof, proofNames, skippedProof } from './proof.ts';

/** A task as it is published, and instances of it. */
export interface InstanceGroup {
  published: TaskSetup;
  instances: readonly TaskSetup[];
}

/** An answer that is right elsewhere, tried where it is not. */
interface Borrowed {
  by: Task;
  of: Task;
  trial: CheckedTrial;
}

/**
 * Proves instances each as `checkTasks` does a task, and together: that they are alike, and that none is solved by the answer of another.
 * One task after the other, so that of many instances only those of one are in memory.
 */
export async function checkInstances(
  groups: readonly InstanceGroup[],
  parts: CheckParts,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const group of groups) results.push(await checkGroup(group, parts));
  return results;
}

async function checkGroup(group: InstanceGroup, parts: CheckParts): Promise<CheckResult> {
  const proved = await proveTasks(group.instances, parts);
  const once = { ...parts, times: 1 };
  const published = await runCheckedTrials([{ ...group.published, agent: oracleAgent() }], once);
  const oracles = [...published, ...proved.flatMap(({ played }) => played)].filter(
    ({ agent, trial }) => agent === 'oracle' && trial.outcome === 'submitted',
  );
  return resultOf(group, proved, await tryBorrowed(group, oracles, once));
}

/** Lets each instance be answered as the published one is, and as the instance after it; one that has the published content has its answer. */
async function tryBorrowed(
  { published, instances }: InstanceGroup,
  oracles: readonly CheckedTrial[],
  parts: CheckParts,
): Promise<Borrowed[]> {
  const own = instances.filter(({ task }) => task.instance?.kind !== 'perturbation');
  const planned = own.flatMap((setup, index) => {
    const next = own[(index + 1) % own.length]?.task;
    const lenders = [published.task, ...(next && next !== setup.task ? [next] : [])];
    return lenders.flatMap((of) => {
      const oracle = oracles.find(({ task }) => task === of);
      const script = oracle && borrowedAnswer(oracle);
      return script ? [{ of, setup: { ...setup, agent: madeUpAgent(`answer:${of.name}`, script) } }] : [];
    });
  });
  const trials = await runCheckedTrials(
    planned.map(({ setup }) => setup),
    parts,
  );
  return trials.flatMap((trial, index) => {
    const plan = planned[index];
    return plan ? [{ by: trial.task, of: plan.of, trial }] : [];
  });
}

function resultOf(
  { published, instances }: InstanceGroup,
  proved: readonly ProvedTask[],
  borrowed: readonly Borrowed[],
): CheckResult {
  const { name, dir } = published.task;
  const [first] = proved;
  const tasks = instances.map(({ task }) => task);
  return {
    ...first?.result,
    kind: 'task',
    name,
    dir,
    seeds: tasks.map(seedOf),
    proofs: [
      ...proofNames.flatMap((one) => merged(one, proved)),
      proof('alike', driftProblems(covariatesOf(published.task), tasks)),
      borrowed.length === 0 ? skippedProof('others') : proof('others', borrowed.flatMap(borrowedProblems)),
    ],
  };
}

/** A proof of all instances as one: it holds where it holds of each. */
function merged(name: ProofName, proved: readonly ProvedTask[]): Proof[] {
  const all = proved.flatMap(({ setup, result }) =>
    result.proofs
      .filter((one) => one.name === name)
      .map((one) => ({ ...one, problems: one.problems.map((line) => `@${seedOf(setup.task)}: ${line}`) })),
  );
  if (all.length === 0) return [];
  return all.every(({ status }) => status === 'skipped')
    ? [skippedProof(name)]
    : [
        proof(
          name,
          all.flatMap(({ problems }) => problems),
        ),
      ];
}

function borrowedProblems({ by, of, trial }: Borrowed): string[] {
  if (!safeFullMarks(trial)) return [];
  const lender = of.instance ? `of @${of.instance.seed}` : 'that is published';
  return [
    `@${seedOf(by)}: the answer ${lender} gets full marks, so that it can be learnt by heart: let what decides it differ`,
  ];
}

const seedOf = ({ instance }: Task) => instance?.seed ?? '';
