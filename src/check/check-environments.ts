import { nopAgent } from '../agent/nop.ts';
import type { Environment } from '../environment/environment.ts';
import { harborTask } from '../schema/harbor-task.ts';
import { taskAdditions } from '../schema/task.ts';
import type { Task } from '../task/task.ts';
import { type CheckedTrial, type CheckParts, runCheckedTrials, type TaskSetup } from './checked-trial.ts';
import { policyProblems } from './policy.ts';
import { type CheckResult, type Proof, proof, repeatProof, skippedProof } from './proof.ts';
import { toolsToConfirm } from './undeclared.ts';

/** Proves environments without a task: sandbox and tool servers open, tools and state answer, rules agree with their examples. */
export async function checkEnvironments(
  setups: readonly TaskSetup[],
  parts: CheckParts,
): Promise<CheckResult[]> {
  for (const { environment } of setups) policyProblems([environment], []);
  const played = await runCheckedTrials(
    setups.map((setup) => ({ ...setup, agent: nopAgent() })),
    parts,
  );
  return setups.map(({ task, environment }) => ({
    kind: 'environment',
    name: environment.name,
    dir: environment.dir,
    proofs: proofsOf(
      environment,
      played.filter((one) => one.task === task),
    ),
    toolsToConfirm: played.filter((one) => one.task === task).flatMap(({ trial }) => toolsToConfirm(trial)),
  }));
}

/** A task that asks for nothing, for opening an environment by itself. */
export function bareTask(environment: Environment): Task {
  const { name, dir, digest } = environment;
  const harbor = harborTask.parse({});
  const additions = taskAdditions.parse({ environment: name });
  const verify = { by: 'answer', exact: '-', tolerance: 0 } as const;
  const instruction = environment.config.description;
  return {
    name,
    dir,
    digest,
    instruction,
    phases: [
      {
        instruction,
        verify,
        agent: harbor.agent,
        verifier: harbor.verifier,
        files: [],
        tests: [],
        solution: [],
        minReward: {},
        artifacts: [],
      },
    ],
    tags: [],
    harbor,
    additions: { ...additions, verify },
    policy: { rules: [], off: [] },
    files: [],
    tests: [],
    solution: [],
  };
}

function proofsOf(environment: Environment, played: CheckedTrial[]): Proof[] {
  const where = `${environment.name}/environment.toml`;
  return [
    proof(
      'opens',
      played.flatMap((one) => openProblems(one, where)),
    ),
    environment.policy.rules.length === 0
      ? skippedProof('policy')
      : proof('policy', policyProblems([environment], played)),
    repeatProof(played),
  ];
}

function openProblems({ trial }: CheckedTrial, where: string): string[] {
  const lines: string[] = [];
  if (trial.outcome !== 'submitted') lines.push(trial.ended?.error?.message ?? String(trial.outcome));
  else if (trial.tools.length < 2) lines.push(`${where}: no tool but submit: add a server or a builtin`);
  if (trial.initial?.error !== undefined) lines.push(`${where}: state: ${trial.initial.error}`);
  return lines;
}
