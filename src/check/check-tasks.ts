import PQueue from 'p-queue';
import type { Agent } from '../agent/agent.ts';
import { nopAgent } from '../agent/nop.ts';
import { oracleAgent } from '../agent/oracle.ts';
import { scriptedAgent } from '../agent/scripted.ts';
import { resolveTrial } from '../scoring/trial/resolved-trial.ts';
import { madeUpAgent, scriptNames } from './agent-scripts.ts';
import { type CheckedTrial, type CheckParts, runCheckedTrials, type TaskSetup } from './checked-trial.ts';
import { leakProblems } from './leak.ts';
import { detourOf, mutantsOf } from './mutant.ts';
import { policyProblems } from './policy.ts';
import type { CheckResult } from './proof.ts';
import { proofsOfTask } from './proofs-of-task.ts';
import { proposedContract } from './propose-contract.ts';
import { toolsToConfirm, undeclaredIn } from './undeclared.ts';

/** A task with all trials that were made of it, and what they prove. */
export interface ProvedTask {
  setup: TaskSetup;
  played: CheckedTrial[];
  result: CheckResult;
}

/**
 * Proves tasks in fresh sandboxes: first what the authors wrote is played, then what is made of the references.
 * Throws `bad-file` where a policy rule does not compile, and infrastructure errors of a sandbox that is only looked at.
 */
export async function proveTasks(setups: readonly TaskSetup[], parts: CheckParts): Promise<ProvedTask[]> {
  for (const { environment, task } of setups) policyProblems([environment, task], []);
  const written = await runCheckedTrials(setups.flatMap(authoredTrials), parts);
  const made = await runCheckedTrials(
    setups.flatMap((setup) => derivedTrials(setup, written)),
    parts,
  );
  const queue = new PQueue({ concurrency: parts.concurrency });
  return queue.addAll(
    setups.map((setup) => async (): Promise<ProvedTask> => {
      const played = [...written, ...made].filter(({ task }) => task === setup.task);
      const leaks = await leakProblems(setup, parts);
      const { name, dir } = setup.task;
      const proofs = proofsOfTask(setup, played, leaks);
      return { setup, played, result: { kind: 'task', name, dir, proofs, ...declaredIn(played) } };
    }),
  );
}

/** Like `proveTasks`, without the trials. */
export const checkTasks = async (setups: readonly TaskSetup[], parts: CheckParts): Promise<CheckResult[]> =>
  (await proveTasks(setups, parts)).map(({ result }) => result);

/** What the reference's trial tells of the task's declarations. */
function declaredIn(
  played: readonly CheckedTrial[],
): Pick<CheckResult, 'undeclared' | 'toolsToConfirm' | 'contract'> {
  const oracle = played.find(({ agent, trial }) => agent === 'oracle' && trial.outcome === 'submitted');
  if (!oracle) return {};
  const trial = resolveTrial(oracle.trial, oracle.bodies);
  return {
    undeclared: undeclaredIn(trial),
    toolsToConfirm: toolsToConfirm(oracle.trial),
    contract: proposedContract(trial),
  };
}

function authoredTrials(setup: TaskSetup): (TaskSetup & { agent: Agent })[] {
  const scripted = scriptNames(setup.task).map((name) => scriptedAgent(name));
  return [oracleAgent(), nopAgent(), ...scripted].map((agent) => ({ ...setup, agent }));
}

/** Mutants and detour of a reference; none where the oracle did not come to its end. */
function derivedTrials(setup: TaskSetup, written: readonly CheckedTrial[]): (TaskSetup & { agent: Agent })[] {
  const { reference } = setup.task;
  const oracle = written.find(({ task, agent }) => task === setup.task && agent === 'oracle');
  if (!reference || oracle?.trial.outcome !== 'submitted') return [];
  const detour = detourOf(reference, oracle.trial);
  const agents = [
    ...mutantsOf(reference, oracle.trial).map(({ dropped, script }) =>
      madeUpAgent(`mutant:${dropped}`, script),
    ),
    ...(detour ? [madeUpAgent('detour', detour)] : []),
  ];
  return agents.map((agent) => ({ ...setup, agent }));
}
