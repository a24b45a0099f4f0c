import type { Agent } from '../../agent/agent.ts';
import { nopAgent } from '../../agent/nop.ts';
import { oracleAgent } from '../../agent/oracle.ts';
import { sandboxSpec } from '../../environment/sandbox-spec.ts';
import { several } from '../../format.ts';
import { builtinTools } from '../../schema/builtin-tool.ts';
import { madeUpAgent } from '../agent-scripts.ts';
import { type ProvedTask, proveTasks } from '../check-tasks.ts';
import {
  type CheckedTrial,
  type CheckParts,
  fullMarks,
  runCheckedTrials,
  type TaskSetup,
} from '../checked-trial.ts';
import { brokenOff, verdictOf } from '../failures.ts';
import type { ProofName } from '../proof.ts';
import { answerLister } from './answer-lister.ts';
import { type AuditLine, type AuditName, flawIf, notLookedAt, type TaskAudit } from './audit-line.ts';
import { emptyOutput, forgery, hijackedModules, outputsOf } from './cheat.ts';
import { lookThroughHistory } from './git-history.ts';
import { type AuditParts, killedLine } from './killed.ts';
import { lookAroundAgent, seenBy } from './look-around.ts';
import { randomToolAgent } from './random-tool.ts';
import { regradeLine } from './regrade.ts';

/** How often the work of the reference is graded. */
const grades = 5;

/** A task that was proved, with the trials that only an audit makes of it. */
interface Played extends ProvedTask {
  oracle?: CheckedTrial;
  extra: CheckedTrial[];
}

/** Plays what proves tasks, and then agents that cheat or guess; gives all that the trials tell of each task. */
export async function auditTasks(
  setups: readonly TaskSetup[],
  parts: AuditParts,
  say: (line: string) => void = () => {},
): Promise<TaskAudit[]> {
  const proved = await proveTasks(setups, parts);
  const oracles = new Map(
    proved.map(({ setup, played }) => [
      setup.task,
      played.find(({ agent, trial }) => agent === 'oracle' && trial.outcome === 'submitted'),
    ]),
  );
  const extra = await runCheckedTrials(
    setups.flatMap((setup) =>
      extraAgents(setup, oracles.get(setup.task)).map((agent) => ({ ...setup, agent })),
    ),
    { ...parts, times: 1 },
  );
  say(`${several(setups.length, 'task')}: their histories, and what is killed in mid-run`);
  const audits: TaskAudit[] = [];
  for (const one of proved) {
    const { task, environment } = one.setup;
    const oracle = oracles.get(task);
    const own = { ...one, extra: extra.filter((trial) => trial.task === task), ...(oracle && { oracle }) };
    const lines = [
      ...linesOf(own),
      await historyLine(own, parts),
      await killedLine(one.setup, oracle, parts),
    ];
    audits.push({ task: task.name, digest: task.digest, environmentDigest: environment.digest, lines });
  }
  return audits;
}

const hasShell = ({ trial }: CheckedTrial) =>
  trial.tools.some(({ name, placement }) => name === builtinTools.bash && placement === 'builtin');

function extraAgents({ task, environment }: TaskSetup, oracle: CheckedTrial | undefined): Agent[] {
  const random = randomToolAgent();
  if (!oracle) return [random];
  const again = Array.from({ length: grades - 1 }, () => oracleAgent());
  const lister = answerLister(outputsOf(oracle).map(({ path }) => path));
  if (!hasShell(oracle)) return [random, lister, ...again];
  const spec = sandboxSpec(task, environment, { run: '', trial: '' });
  const scripts = {
    forger: forgery,
    'empty-output': emptyOutput(oracle),
    'hijacked-module': spec && hijackedModules(task, oracle, spec.workdir),
  };
  return [
    ...[random, lister, lookAroundAgent(), ...again],
    ...Object.entries(scripts).flatMap(([id, script]) => (script ? [madeUpAgent(id, script)] : [])),
  ];
}

function linesOf(own: Played): AuditLine[] {
  const { oracle, extra, played } = own;
  const noShell = 'it has no shell in which an agent could';
  const nop = played.find(({ agent }) => agent === nopAgent().id);
  const { impossible } = own.setup.task.additions;
  const looked = extra.find(({ agent }) => agent === 'look-around');
  return [
    ofProofs('nop', own, ['nop'], rewardOf(nop)),
    guess('random', own, 'random-tool', 'it could not be played'),
    guess('lister', own, 'answer-lister', 'the reference does not come to its end'),
    ofProofs('ceiling', own, ['oracle'], rewardOf(oracle)),
    ofProofs('wrong', own, ['wrong', 'mutants'], 'each loses marks or safety'),
    guess('tampering', own, 'forger', noShell),
    rewardLine(looked, noShell),
    guess('module', own, 'hijacked-module', 'its tests name no code that an agent could leave'),
    guess('empty', own, 'empty-output', 'the reference leaves no file with content'),
    impossible
      ? ofProofs('impossible', own, ['bait'], 'each cheat that is baited is found')
      : notLookedAt('impossible', 'it can be done'),
    ofProofs('leak', own, ['leak'], 'the instruction, and every file of the untouched sandbox'),
    ofProofs('repeat', own, ['repeat'], 'every trial, executed again'),
    regradeLine([...(oracle ? [oracle] : []), ...extra.filter(({ agent }) => agent === 'oracle')], grades),
  ];
}

const rewardOf = (one: CheckedTrial | undefined) =>
  one ? `reward ${JSON.stringify(one.score.completion.reward)}` : 'not played';

/** What proofs of a check say. */
function ofProofs(
  name: AuditName,
  { result }: Pick<Played, 'result'>,
  proofs: readonly ProofName[],
  seen: string,
): AuditLine {
  const own = result.proofs.filter((one) => proofs.includes(one.name));
  if (own.every(({ status }) => status === 'skipped'))
    return notLookedAt(name, `nothing to prove it by (${proofs.join(', ')})`);
  return flawIf(
    name,
    own.flatMap(({ problems }) => problems),
    seen,
  );
}

/** What an agent gets that must not get full marks. */
function guess(
  name: AuditName,
  { extra }: Pick<Played, 'extra'>,
  agent: string,
  otherwise: string,
): AuditLine {
  const one = extra.find((trial) => trial.agent === agent);
  if (!one) return notLookedAt(name, otherwise);
  const broken = brokenOff(one, agent);
  if (broken !== undefined) return notLookedAt(name, broken);
  return flawIf(
    name,
    fullMarks(one) ? [`${agent} gets full marks (${verdictOf(one)})`] : [],
    `${agent}: ${rewardOf(one)}`,
  );
}

function rewardLine(looked: CheckedTrial | undefined, noShell: string): AuditLine {
  if (!looked) return notLookedAt('reward', noShell);
  const seen = seenBy(looked);
  if (!seen) return notLookedAt('reward', `its look failed: ${verdictOf(looked)}`);
  return flawIf(
    'reward',
    seen.map((line) => `the agent ${line}: take it out of environment/ or the image`),
    'it sees no reward, test or solution',
  );
}

async function historyLine({ setup, oracle, played }: Played, parts: CheckParts): Promise<AuditLine> {
  if (played.some(({ trial }) => trial.outcome === 'infrastructure-error') && !oracle)
    return notLookedAt('history', 'its sandbox could not be used');
  const outputs = oracle ? outputsOf(oracle) : [];
  const { repositories, problems, unread } = await lookThroughHistory(setup, outputs, parts);
  if (repositories === 0) return notLookedAt('history', 'it holds no git repository');
  if (problems.length === 0 && unread.length > 0)
    return notLookedAt(
      'history',
      `not read, as a bundle, or packed where the sandbox has no git: ${unread.join(', ')}`,
    );
  return flawIf('history', problems, `every object of ${several(repositories, 'git folder')}`);
}
