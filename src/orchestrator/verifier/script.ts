import { ProctorError } from '../../errors.ts';
import type { ExecResult, NewFile, Sandbox } from '../../sandbox/sandbox.ts';
import { scriptCommand } from '../../sandbox/script-command.ts';
import { shellWord } from '../../sandbox/shell-word.ts';
import { expandVariables } from '../../schema/author-file.ts';
import type { Verification } from '../../schema/task.ts';
import { leftOut } from '../artifact.ts';
import { untilHealthy } from '../furnish.ts';
import { changedTests, tamperingSigns } from '../integrity.ts';
import { type LiveTrial, phaseOf, submittedAnswer } from '../live-trial.ts';
import { openSandbox } from '../provision.ts';
import { inService, withoutService } from '../service.ts';
import { missingRunner, type Reward, type RewardError, readCtrf, readReward } from './test-report.ts';
import type { Verdict } from './verdict.ts';

type ByScript = Extract<Verification, { by: 'script' }>;

/** Runs `tests/test.sh` over what the agent left, in a fresh sandbox or the live one, where processes that were spared live until then. */
export async function verifyByScript(
  demand: ByScript,
  live: LiveTrial,
  signal: AbortSignal,
): Promise<Verdict> {
  const { sandbox } = live;
  if (!sandbox)
    throw new ProctorError('verifier-failed', `task ${live.plan.task.name}: tests/test.sh needs a sandbox`);
  const { where } = demand;
  const integrity = await tamperingSigns(sandbox, live.baseline, where);
  const seconds = phaseOf(live).verifier.timeout_sec;
  const work = where === 'fresh' ? await leftBehind(demand, live, sandbox) : undefined;
  const hasSpared = where === 'live' && live.parts.recorder.trial.quiesced?.spared === true;
  const test = (most: number, spares: boolean) =>
    work ? testsIn(work, live, most, signal) : runTests(sandbox, live, most, { spares });
  const first = await test(seconds, hasSpared);
  const most = seconds + Math.min(2 * seconds, patienceSeconds);
  const again = work ? `in another sandbox with ${most} s` : `with ${most} s`;
  const tested = mayEndOtherwise(first) ? withNote(first, await test(most, false), seconds, again) : first;
  if (hasSpared) integrity.push(...(await changedTests(sandbox, testFiles(live))));
  if (!isSuspect(tested)) {
    const alone = hasSpared && gave(tested) ? await test(most, false) : undefined;
    return { ...judged(tested, where, integrity), ...(alone && { withoutProcesses: rewardsOf(alone) }) };
  }
  const untouched = await testsIn(undefined, live, seconds, signal);
  const isBroken = isSuspect(untouched) || 'error' in untouched.reward;
  return judged(tested, where, integrity, isBroken ? untouched : undefined);
}

const rewardsOf = ({ reward }: Tested) => ('rewards' in reward ? reward.rewards : null);

/** Only where something was given can what was left running have had a part in it. */
const gave = (tested: Tested) => Object.values(rewardsOf(tested) ?? {}).some((reward) => reward > 0);

/** Says what it took to get a reward at the second attempt. */
function withNote(first: Tested, second: Tested, seconds: number, again: string): Tested {
  if (!first.result.timedOut || 'error' in second.reward) return second;
  const note = `tests/test.sh took longer than ${seconds} s, and was run again ${again}`;
  const { note: other } = second.reward;
  return { ...second, reward: { ...second.reward, note: other === undefined ? note : `${note}; ${other}` } };
}

interface Work {
  paths: string[];
  left: NewFile[];
}

/** What is copied from the agent's sandbox into the fresh one; what is a service's goes to the same path there. */
async function leftBehind(demand: ByScript, live: LiveTrial, sandbox: Sandbox): Promise<Work> {
  const paths = demand.copy.length > 0 ? demand.copy : [sandbox.info.workdir];
  const { artifacts } = phaseOf(live);
  const left = await sandbox.files.collect(paths);
  const isLeftOut = ({ path }: NewFile) =>
    artifacts.some((one) => isBelow(path, one.source) && leftOut(path, one));
  const kept = left.filter((file) => !isLeftOut(file));
  return {
    paths: paths.map(withoutService),
    left: kept.map((file) => ({ ...file, path: withoutService(file.path) })),
  };
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

/** Compiled Python that the agent may have left is not read. */
const verifierHome = '/tmp/.proctor-verifier';
const compatibleEnvironment = { PYTHONPYCACHEPREFIX: `${verifierHome}/pycache` };

/** With a home folder of their own our tests do not read start files, packages and settings either; tests from elsewhere see the home that there is. */
const hardenedEnvironment = { ...compatibleEnvironment, HOME: verifierHome, PYTHONNOUSERSITE: '1' };

/** Makes the folders of tests and rewards anew, whatever is in their place. */
const prepare = [
  'for folder in /logs /tests; do if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -rf "$folder"; fi; done',
  `rm -rf /logs/verifier /tests ${verifierHome}`,
  `mkdir -p /logs/verifier /tests ${verifierHome}`,
  'mkdir -p /logs/agent /logs/artifacts',
].join('; ');

/** An image with tests of its own keeps them; they are run by their first line, whatever their mode is. */
const prepareOwn = `rm -rf /logs/verifier ${verifierHome}; mkdir -p /logs/verifier /logs/agent /logs/artifacts ${verifierHome}; chmod +x /tests/test.sh || true`;

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
  plan.sandbox?.spec.image.layer === undefined ? '' : 'export PATH=/opt/proctor/verifier/bin:$PATH; ';

/** Tests of an impossible task have to know what the agent answered. */
async function handAnswer(sandbox: Sandbox, answer: string | undefined): Promise<void> {
  if (answer === undefined) return;
  const file = { path: '/logs/verifier/answer.txt', content: Buffer.from(answer), mode: 0o600 };
  await sandbox.files.write([file], { owner: 'harness' });
}

/** The tests of a phase where they are put. */
const testFiles = (live: LiveTrial): NewFile[] =>
  phaseOf(live).tests.map((file) => ({ ...file, path: `/tests/${file.path}`, mode: file.mode ?? 0o755 }));

/** Runs the script of the tests by its first line; that of an image is known to the image alone. */
function testCommand(live: LiveTrial): string {
  const script = phaseOf(live).tests.find(({ path }) => path === 'test.sh');
  const isOwn = phaseOf(live).verifierEnvironment !== undefined || !script;
  return isOwn
    ? '/tests/test.sh'
    : scriptCommand(Buffer.from(script.content).toString('utf8'), '/tests/test.sh');
}

/** Runs the tests. Where it `spares` what the agent left running, that lives on if the tests may have to run again for want of time. */
async function runTests(
  main: Sandbox,
  live: LiveTrial,
  seconds: number,
  { spares = false }: { spares?: boolean } = {},
): Promise<Tested> {
  const { verifier, verifierEnvironment, verify } = phaseOf(live);
  const sandbox = inService(main, verify.by === 'script' ? verify.service : undefined);
  const ownTests = verifierEnvironment !== undefined;
  await sandbox.exec(ownTests ? prepareOwn : prepare, { as: 'harness' });
  if (!ownTests) await sandbox.files.write(testFiles(live), { owner: 'harness' });
  await handAnswer(sandbox, submittedAnswer(live));
  const { user } = verifier;
  const asUser = user === undefined || user === null ? undefined : String(user);
  if (asUser !== undefined)
    await sandbox.exec(`chown -R ${shellWord(asUser)} /logs/verifier ${verifierHome}`, { as: 'harness' });
  const isLive = verify.by === 'script' && verify.where === 'live';
  const isHardened = live.plan.task.additions.isolation === 'hardened';
  const result = await sandbox.exec(`${standIns(live)}${testCommand(live)}`, {
    as: 'harness',
    timeoutMs: seconds * 1000,
    dropsExcess: true,
    env: {
      ...(isLive && (isHardened ? hardenedEnvironment : compatibleEnvironment)),
      ...expandVariables(verifier.env, 'task.toml [verifier.env]'),
    },
    ...(asUser !== undefined && { user: asUser }),
  });
  await sandbox.quiesce({ spares: spares && result.timedOut });
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
  const same = untouched && 'error' in untouched.reward ? untouched.reward.error.message : message;
  const even = same === message ? ', even in an untouched sandbox' : `; in an untouched sandbox, ${same}`;
  return {
    where,
    rewards: 'rewards' in reward && !failed ? reward.rewards : fault === 'agent' ? { reward: 0 } : null,
    checks: note === undefined ? [] : [{ name: 'reward-as-written', passed: true, weight: 0, detail: note }],
    stdout: result.stdout.toString('utf8'),
    stderr: result.stderr.toString('utf8'),
    ...(ctrf !== undefined && { ctrf }),
    exitCode: result.exitCode,
    ...(failed && { error: { code, message: untouched ? message + even : message, fault } }),
    integrity,
  };
}
