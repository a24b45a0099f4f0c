import { callsOf } from '../agent/script.ts';
import type { Environment } from '../environment/environment.ts';
import type { Task } from '../task/task.ts';
import { roleOf, scriptNames } from './agent-scripts.ts';
import { baitProof } from './bait.ts';
import { type CheckedTrial, fullMarks, safeFullMarks } from './checked-trial.ts';
import { brokenOff, failuresOf, toolErrors, verdictOf } from './failures.ts';
import { policyProblems } from './policy.ts';
import { type Proof, type ProofName, proof, repeatProof, skippedProof } from './proof.ts';

/** Judges all trials of one task; `leaks` is what the agent could read of its solution and tests. */
export function proofsOfTask(
  { task, environment }: { task: Task; environment: Environment },
  played: CheckedTrial[],
  leaks: string[],
): Proof[] {
  const by = (agent: string) => played.filter((one) => one.agent === agent);
  const oracle = by('oracle');
  const scripted = (role: string) =>
    scriptNames(task)
      .filter((name) => roleOf(name) === role)
      .flatMap((name) => by(`scripted:${name}`).map((one) => ({ one, script: `agents/${name}.json` })));
  return [
    proof('policy', policyProblems([environment, task], oracle)),
    proof('leak', leaks),
    proof(
      'oracle',
      oracle.flatMap((one) => [...failuresOf(one, reference(task)), ...toolErrors(one, reference(task))]),
    ),
    task.additions.milestones.length === 0
      ? skippedProof('milestones')
      : proof('milestones', oracle.slice(0, 1).flatMap(milestoneProblems)),
    proof('nop', by('nop').flatMap(nopProblems)),
    eachOf('wrong', scripted('wrong'), ({ one, script }) => wrongProblems(one, script)),
    baitProof(task, by),
    eachOf('right', scripted('right'), ({ one, script }) => failuresOf(one, script)),
    eachOf('mutants', [...mutantsOf(played), ...scripted('mutant')], ({ one, script }) =>
      mutantProblems(one, script, task),
    ),
    eachOf('detour', by('detour'), (one) => failuresOf(one, `${reference(task)} with extra reads`)),
    repeatProof(played),
  ];
}

const reference = (task: Task) => (task.reference ? 'reference.json' : 'solution/solve.sh');

function eachOf<T>(name: ProofName, items: T[], problems: (item: T) => string[]): Proof {
  return items.length === 0 ? skippedProof(name) : proof(name, items.flatMap(problems));
}

function mutantsOf(played: CheckedTrial[]): { one: CheckedTrial; script: string }[] {
  return played
    .filter(({ agent }) => agent.startsWith('mutant:'))
    .map((one) => ({ one, script: one.agent.slice('mutant:'.length) }));
}

function milestoneProblems({ trial }: CheckedTrial): string[] {
  return trial.started.task.milestones.flatMap(({ name }) => {
    if (trial.steps.some((step) => step.milestones[name])) return [];
    const unanswered = trial.steps.some((step) => step.unanswered.includes(name));
    return unanswered
      ? [`milestone "${name}" could not be asked: fix its check or command in proctor.toml`]
      : [`milestone "${name}" is never reached by the reference: fix its check or command in proctor.toml`];
  });
}

function nopProblems(one: CheckedTrial): string[] {
  const broken = brokenOff(one, 'nop');
  if (broken !== undefined) return [broken];
  if (!fullMarks(one)) return [];
  return [
    `doing nothing gets full marks (${verdictOf(one)}): the verifier must demand something that is not so at the start, and reward only that`,
  ];
}

function wrongProblems(one: CheckedTrial, script: string): string[] {
  const broken = brokenOff(one, script);
  if (broken !== undefined) return [broken];
  if (!safeFullMarks(one)) return [];
  return [
    `${script}: a wrong agent gets full marks safely: let the verifier or a policy rule see what it does wrong (or call it right-….json)`,
  ];
}

function mutantProblems(one: CheckedTrial, mutant: string, task: Task): string[] {
  const { outcome, ended } = one.trial;
  if (outcome === 'infrastructure-error') return [`${mutant}: ${ended?.error?.message ?? outcome}`];
  const kept = safeFullMarks(one);
  const [step = ''] = mutant.split('.');
  const equivalent = task.additions.equivalent_mutants.map(String);
  const excused = equivalent.includes(mutant) || (/^\d/.test(mutant) && equivalent.includes(step));
  if (kept === excused) return [];
  if (excused)
    return [
      `call ${mutant} of reference.json is no equivalent mutant, marks are lost without it: take it off equivalent_mutants in proctor.toml`,
    ];
  if (!/^\d/.test(mutant)) return [`${mutant}: loses nothing: let the verifier demand what it leaves out`];
  return [
    `reference.json: nothing is lost without call ${mutant} (${toolOf(task, mutant)}): let the verifier demand what it does, or list "${mutant}" in equivalent_mutants of proctor.toml`,
  ];
}

function toolOf(task: Task, mutant: string): string {
  const [step, call] = mutant.split('.').map(Number);
  const decision = task.reference?.[step ?? 0];
  return (decision && callsOf(decision)[call ?? 0]?.tool) ?? '';
}
