import { posix } from 'node:path';
import { ProctorError } from '../../errors.ts';
import type { ExecResult, NewFile, Sandbox } from '../../sandbox/sandbox.ts';
import { shellWord } from '../../sandbox/shell-word.ts';
import { expandVariables } from '../../schema/author-file.ts';
import type { Verification } from '../../schema/task.ts';
import { leftOut } from '../artifact.ts';
import { untilHealthy } from '../furnish.ts';
import { tamperingSigns } from '../integrity.ts';
import { type LiveTrial, phaseOf, submittedAnswer } from '../live-trial.ts';
import { openSandbox } from '../provision.ts';
import { missingRunner, type Reward, type RewardError, readCtrf, readReward } from './test-report.ts';
import type { Verdict } from './verdict.ts';

type ByScript = Extract<Verification, { by: 'script' }>;

/** Runs `tests/test.sh` over what the agent left, in a fresh sandbox or the live one. The agent's processes are dead by then. */
export async function verifyByScript(
  demand: ByScript,
  live: LiveTrial,
  signal: AbortSignal,
): Promise<Verdict> {
  const { sandbox } = live;
  if (!sandbox)
    throw new ProctorError('verifier-failed', `task ${live.plan.task.name}: tests/test.sh needs a sandbox`);
  const integrity = await tamperingSigns(sandbox, live.baseline, demand.where);
  const { where } = demand;
  const seconds = phaseOf(live).verifier.timeout_sec;
  const work = where === 'fresh' ? await leftBehind(demand, live, sandbox) : undefined;
  const test = (most: number) =>
    work ? testsIn(work, live, most, signal) : runTests(sandbox, live, most, liveEnvironment);
  const first = await test(seconds);
  const tested = mayEndOtherwise(first)
    ? await test(seconds + Math.min(2 * seconds, patienceSeconds))
    : first;
  if (!isSuspect(tested)) return judged(tested, where, integrity);
  const untouched = await testsIn(undefined, live, seconds, signal);
  const isBroken = isSuspect(untouched) || 'error' in untouched.reward;
  return judged(tested, where, integrity, isBroken ? untouched : undefined);
}

interface Work {
  paths: string[];
  left: NewFile[];
}

/** What is copied from the agent's sandbox into the fresh one. */
async function leftBehind(demand: ByScript, live: LiveTrial, sandbox: Sandbox): Promise<Work> {
  const paths = demand.copy.length > 0 ? demand.copy : [sandbox.info.workdir];
  const { artifacts } = phaseOf(live);
  const left = await sandbox.files.collect(paths);
  const isLeftOut = ({ path }: NewFile) =>
    artifacts.some((one) => isBelow(path, one.source) && leftOut(path, one));
  return { paths, left: left.filter((file) => !isLeftOut(file)) };
}

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** Tests that took too long run once more, with up to thrice the time but no more than this on top of it. */
const patienceSeconds = 600;

/** A busy machine or engine, rather than the work, may be why tests did not end. */
const mayEndOtherwise = ({ result, reward }: Tested) =>
  result.timedOut || ('error' in reward && reward.error.code === 'sandbox-failed');

/** No reward, or nothing for want of a test runner: the same tests in an untouched sandbox tell whose fault that is. */
const isSuspect = ({ result, reward }: Tested) =>
  'error' in reward ? reward.error.fault === undefined : wantOfRunner(reward.rewards, result) !== undefined;

/** Tests that gave something ran, whatever words are in their output. */
const wantOfRunner = (rewards: Record<string, number>, result: ExecResult) =>
  Object.values(rewards).some((reward) => reward !== 0) ? undefined : missingRunner(result);

/** With a home folder of their own the tests do not read the start files, packages and settings that the agent may have left. */
const verifierHome = '/tmp/.proctor-verifier';
const liveEnvironment = {
  HOME: verifierHome,
  PYTHONNOUSERSITE: '1',
  PYTHONPYCACHEPREFIX: `${verifierHome}/pycache`,
};

/** Makes the folders of tests and rewards anew, whatever is in their place. */
const prepare = [
  'for folder in /logs /tests; do if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -rf "$folder"; fi; done',
  `rm -rf /logs/verifier /tests ${verifierHome}`,
  `mkdir -p /logs/verifier /tests ${verifierHome}`,
  'mkdir -p /logs/agent /logs/artifacts',
].join('; ');

/** An image with tests of its own keeps them. */
const prepareOwn = `rm -rf /logs/verifier ${verifierHome}; mkdir -p /logs/verifier /logs/agent /logs/artifacts ${verifierHome}`;

/** Removes what the image or the task put at a path, so that what the agent deleted stays deleted. */
const empty = 'if [ -d "$path" ]; then find "$path" -mindepth 1 -delete; else rm -f "$path"; fi';

/** Makes paths of a fresh sandbox hold just what was left there. */
export async function putWork(fresh: Sandbox, { paths, left }: Work): Promise<void> {
  await fresh.exec(`for path in ${paths.map(shellWord).join(' ')}; do ${empty}; done`, { as: 'harness' });
  await fresh.files.write(left);
}

interface Tested {
  result: ExecResult;
  reward: Reward;
  ctrf?: string;
}

/** Runs the tests in a fresh sandbox whose `paths` hold just what the agent left there, or in an untouched one. */
async function testsIn(
  work: Work | undefined,
  live: LiveTrial,
  seconds: number,
  signal: AbortSignal,
): Promise<Tested> {
  const { plan, parts } = live;
  const spec = plan.sandbox?.verifierSpecs[parts.recorder.trial.phase];
  if (!spec) throw new Error('the environment has no sandbox');
  const fresh = await openSandbox(plan, parts.recorder, { purpose: 'verify', spec }, signal);
  try {
    await untilHealthy(phaseOf(live).verifierEnvironment?.environment.healthcheck, fresh, signal);
    if (work) await putWork(fresh, work);
    return await runTests(fresh, live, seconds);
  } catch (error) {
    if (error instanceof ProctorError && breaks.has(error.code)) return broken(error);
    throw error;
  } finally {
    await fresh.close();
  }
}

/** How a fresh sandbox fails that could not take the work, or did not outlive its tests. */
const breaks = new Set(['sandbox-broken', 'sandbox-failed', 'too-large']);

/** It gave no reward; an untouched sandbox tells whose fault it was. */
function broken({ code, message }: ProctorError): Tested {
  const nothing = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), timedOut: false, captureCut: false };
  return { result: { ...nothing, exitCode: 137, durationMs: 0 }, reward: { error: { code, message } } };
}

/** Where a layer of the image replaces what tests download, its programs come first. */
const standIns = ({ plan }: LiveTrial) =>
  plan.sandbox?.spec.image.layer === undefined ? '' : 'PATH=/opt/proctor/verifier/bin:$PATH ';

/** Tests of an impossible task have to know what the agent answered. */
async function handAnswer(sandbox: Sandbox, answer: string | undefined): Promise<void> {
  if (answer === undefined) return;
  const file = { path: '/logs/verifier/answer.txt', content: Buffer.from(answer), mode: 0o600 };
  await sandbox.files.write([file], { owner: 'harness' });
}

const linked = (path: string, target: string) =>
  `mkdir -p ${shellWord(posix.dirname(path))} && ln -sfn -- ${shellWord(target)} ${shellWord(path)}`;

async function runTests(
  sandbox: Sandbox,
  live: LiveTrial,
  seconds: number,
  env: Record<string, string> = {},
): Promise<Tested> {
  const { tests, testLinks, verifier, verifierEnvironment, verify } = phaseOf(live);
  const ownTests = verifierEnvironment !== undefined;
  await sandbox.exec(ownTests ? prepareOwn : prepare, { as: 'harness' });
  if (!ownTests) {
    await sandbox.files.write(
      tests.map((file) => ({ ...file, path: `/tests/${file.path}`, mode: file.mode ?? 0o755 })),
      { owner: 'harness' },
    );
    const links = testLinks.map(({ path, target }) => linked(`/tests/${path}`, target));
    if (links.length > 0) await sandbox.exec(links.join('; '), { as: 'harness' });
  }
  await handAnswer(sandbox, submittedAnswer(live));
  const { user } = verifier;
  const asUser = user === undefined || user === null ? undefined : String(user);
  if (asUser !== undefined)
    await sandbox.exec(`chown -R ${shellWord(asUser)} /logs/verifier ${verifierHome}`, { as: 'harness' });
  const result = await sandbox.exec(`${standIns(live)}bash /tests/test.sh`, {
    as: 'harness',
    timeoutMs: seconds * 1000,
    dropsExcess: true,
    env: { ...env, ...expandVariables(verifier.env, 'task.toml [verifier.env]') },
    ...(asUser !== undefined && { user: asUser }),
  });
  await sandbox.quiesce();
  const written = await readReward(sandbox, verify.by === 'script' ? verify.range : []);
  const isLate = result.timedOut && 'error' in written && written.error.fault === undefined;
  const tookLonger = { code: 'verifier-timeout', message: `tests/test.sh took longer than ${seconds} s` };
  const reward: Reward = isLate ? { error: tookLonger } : written;
  if (result.timedOut && 'rewards' in reward)
    reward.note = `${tookLonger.message}; what it had written counts`;
  const ctrf = await readCtrf(sandbox);
  return { result, reward, ...(ctrf !== undefined && { ctrf }) };
}

/** Without a reward, the fault is the agent's unless an untouched sandbox gives none either: it fails closed. */
function judged(
  { result, reward, ctrf }: Tested,
  where: 'fresh' | 'live',
  integrity: string[],
  untouched?: Tested,
): Verdict {
  const failed: RewardError | undefined =
    'error' in reward ? reward.error : untouched && wantOfRunner(reward.rewards, result);
  const { code = '', message = '', fault = untouched ? 'harness' : 'agent' } = failed ?? {};
  const note = 'note' in reward ? reward.note : undefined;
  const suffix = untouched ? ', even in an untouched sandbox' : '';
  return {
    where,
    rewards: 'rewards' in reward && !failed ? reward.rewards : fault === 'agent' ? { reward: 0 } : null,
    checks: note === undefined ? [] : [{ name: 'reward-as-written', passed: true, weight: 0, detail: note }],
    stdout: result.stdout.toString('utf8'),
    stderr: result.stderr.toString('utf8'),
    ...(ctrf !== undefined && { ctrf }),
    exitCode: result.exitCode,
    ...(failed && { error: { code, message: `${message}${suffix}`, fault } }),
    integrity,
  };
}
