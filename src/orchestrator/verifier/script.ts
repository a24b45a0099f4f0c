import { ProctorError } from '../../errors.ts';
import type { ExecResult, NewFile, Sandbox } from '../../sandbox/sandbox.ts';
import { shellWord } from '../../sandbox/shell-word.ts';
import type { Verification } from '../../schema/task.ts';
import { expandVariables } from '../../schema/variable.ts';
import { openSandbox } from '../provision.ts';
import type { Room } from '../room.ts';
import { tamperingSigns } from './integrity.ts';
import type { Reward } from './reward.ts';
import { readReward } from './reward.ts';
import type { Verdict } from './verdict.ts';

type ByScript = Extract<Verification, { by: 'script' }>;

/** Runs `tests/test.sh` over what the agent left, in a fresh sandbox or the live one. The agent's processes are dead by then. */
export async function verifyByScript(demand: ByScript, room: Room, signal: AbortSignal): Promise<Verdict> {
  const { sandbox } = room;
  if (!sandbox)
    throw new ProctorError('verifier-failed', `task ${room.plan.task.name}: tests/test.sh needs a sandbox`);
  const integrity = await tamperingSigns(sandbox, room.watched ?? {}, demand.where);
  if (demand.where === 'live')
    return judged(await runTests(sandbox, room, liveEnvironment), 'live', integrity);
  const paths = demand.copy.length > 0 ? demand.copy : [sandbox.info.workdir];
  const left = await sandbox.files.collect(paths);
  const tested = await testsIn({ paths, left }, room, signal);
  if ('rewards' in tested.reward) return judged(tested, 'fresh', integrity);
  const untouched = await testsIn(undefined, room, signal);
  return judged(tested, 'fresh', integrity, 'rewards' in untouched.reward ? 'agent' : 'house');
}

/** A home of its own keeps what the agent may have put into the house's from the tests: start files, packages, settings. */
const verifierHome = '/tmp/.proctor-verifier';
const liveEnvironment = {
  HOME: verifierHome,
  PYTHONNOUSERSITE: '1',
  PYTHONPYCACHEPREFIX: `${verifierHome}/pycache`,
};

/** Makes the folders of the mark anew, whatever is in their place. */
const prepare = [
  'for folder in /logs /tests; do if [ -L "$folder" ] || [ ! -d "$folder" ]; then rm -rf "$folder"; fi; done',
  `rm -rf /logs/verifier /tests ${verifierHome}`,
  `mkdir -p /logs/verifier /tests ${verifierHome}`,
  'mkdir -p /logs/agent /logs/artifacts',
].join('; ');

/** What the image or the task put at a path goes, so that what the agent deleted stays deleted. */
const empty = 'if [ -d "$path" ]; then find "$path" -mindepth 1 -delete; else rm -f "$path"; fi';

interface Tested {
  result: ExecResult;
  reward: Reward;
}

/** Runs the tests in a fresh sandbox whose `paths` hold just what the agent left there, or in an untouched one. */
async function testsIn(
  work: { paths: string[]; left: NewFile[] } | undefined,
  room: Room,
  signal: AbortSignal,
): Promise<Tested> {
  const fresh = await openSandbox(room.plan, room.parts.recorder, 'verify', signal);
  try {
    if (work) {
      await fresh.exec(`for path in ${work.paths.map(shellWord).join(' ')}; do ${empty}; done`, {
        as: 'house',
      });
      await fresh.files.write(work.left);
    }
    return await runTests(fresh, room);
  } catch (error) {
    if (error instanceof ProctorError && error.code === 'sandbox-broken') return broken(error);
    throw error;
  } finally {
    await fresh.close();
  }
}

/** Tests that killed their sandbox gave no reward; whose fault it was, an untouched sandbox tells. */
function broken({ code, message }: ProctorError): Tested {
  const nothing = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), timedOut: false, captureCut: false };
  return { result: { ...nothing, exitCode: 137, durationMs: 0 }, reward: { error: { code, message } } };
}

async function runTests(sandbox: Sandbox, room: Room, env: Record<string, string> = {}): Promise<Tested> {
  const { tests, harbor } = room.plan.task;
  await sandbox.exec(prepare, { as: 'house' });
  await sandbox.files.write(
    tests.map((file) => ({ ...file, path: `/tests/${file.path}`, mode: file.mode ?? 0o755 })),
    { owner: 'house' },
  );
  const result = await sandbox.exec('bash /tests/test.sh', {
    as: 'house',
    timeoutMs: harbor.verifier.timeout_sec * 1000,
    env: { ...env, ...expandVariables(harbor.verifier.env, 'task.toml [verifier.env]') },
  });
  await sandbox.quiesce();
  const reward: Reward = result.timedOut
    ? {
        error: {
          code: 'verifier-timeout',
          message: `tests/test.sh took longer than ${harbor.verifier.timeout_sec} s`,
        },
      }
    : await readReward(sandbox);
  return { result, reward };
}

/** A live sandbox that gives no reward was the agent's to break, so it fails closed. */
function judged(
  { result, reward }: Tested,
  where: 'fresh' | 'live',
  integrity: string[],
  fault: 'agent' | 'house' = 'agent',
): Verdict {
  const failed = 'error' in reward;
  return {
    where,
    rewards: failed ? (fault === 'agent' ? { reward: 0 } : null) : reward.rewards,
    checks: [],
    stdout: result.stdout.toString('utf8'),
    stderr: result.stderr.toString('utf8'),
    exitCode: result.exitCode,
    ...(failed && { error: { ...reward.error, fault } }),
    integrity,
  };
}
