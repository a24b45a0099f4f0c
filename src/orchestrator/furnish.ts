import { posix } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProctorError } from '../errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { isForBash, scriptCommand } from '../sandbox/script-command.ts';
import type { HarborHealthcheck } from '../schema/harbor-task.ts';
import type { Phase } from '../task/task.ts';
import { watchedFiles } from './integrity.ts';
import { type LiveTrial, phaseOf } from './live-trial.ts';

/** Puts the files of a phase into the sandbox, and surveys what its verification will rely on. */
export async function furnish(
  live: LiveTrial,
  { phase: number, sandbox }: { phase: number; sandbox: Sandbox },
  signal: AbortSignal,
): Promise<void> {
  const { plan, baseline } = live;
  const { task } = plan;
  const phase = phaseOf(live, number);
  if (task.additions.isolation === 'compatible') {
    await sandbox.exec(logFolders, { as: 'harness' });
    await requireBash(phase, sandbox);
  }
  if (number === 0) await untilHealthy(task.harbor.environment.healthcheck, sandbox, signal);
  if (phase.files.length > 0) await setUpPhase(phase, sandbox);
  await untilHealthy(phase.healthcheck, sandbox, signal);
  if (plan.agent.seesSolution && !task.reference && phase.solution.length > 0) {
    await sandbox.files.write(phase.solution.map((file) => ({ ...file, path: `/solution/${file.path}` })));
  }
  if (phase.verify.by === 'script') baseline.watched = await watchedFiles(sandbox);
}

const logFolders =
  'mkdir -p /logs/agent /logs/verifier /logs/artifacts; chmod 777 /logs/agent /logs/artifacts';

/** Refuses tests before anybody works where nothing could run them. Another shell would read a script of bash in another way. */
async function requireBash({ tests, verifierEnvironment }: Phase, sandbox: Sandbox): Promise<void> {
  const script = tests.find(({ path }) => path === 'test.sh');
  if (!script || verifierEnvironment || !isForBash(Buffer.from(script.content).toString('utf8'))) return;
  const { exitCode } = await sandbox.exec('command -v bash', { as: 'harness' });
  if (exitCode === 0) return;
  throw new ProctorError(
    'verifier-failed',
    'tests/test.sh is to be run by bash, which its image does not have',
  );
}

const setUp = 'setup.sh';
const setUpMs = 600_000;

/** Puts the files of a phase into the workdir and runs its `setup.sh` there as root. Throws `sandbox-failed` where that fails. */
export async function setUpPhase({ name, files }: Phase, sandbox: Sandbox): Promise<void> {
  const { workdir } = sandbox.info;
  await sandbox.files.write(files.map((file) => ({ ...file, path: posix.join(workdir, file.path) })));
  const script = files.find(({ path }) => path === setUp);
  if (!script) return;
  const result = await sandbox.exec(
    scriptCommand(Buffer.from(script.content).toString('utf8'), `./${setUp}`),
    {
      as: 'harness',
      timeoutMs: setUpMs,
    },
  );
  if (result.exitCode === 0) return;
  const [last = ''] = result.stderr.toString('utf8').trim().split('\n').slice(-1);
  throw new ProctorError(
    'sandbox-failed',
    `steps/${name}/workdir/${setUp} ended with exit code ${result.exitCode}: ${last}`,
  );
}

/** Waits until a healthcheck's command succeeds. Throws `sandbox-failed` after too many failures in a row. */
export async function untilHealthy(
  check: HarborHealthcheck | null | undefined,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<void> {
  if (!check) return;
  const begun = performance.now();
  let failures = 0;
  for (;;) {
    signal.throwIfAborted();
    const options = { as: 'harness' as const, timeoutMs: check.timeout_sec * 1000, signal };
    const result = await sandbox.exec(check.command, options);
    if (result.exitCode === 0 && !result.timedOut) return;
    const starting = performance.now() - begun < check.start_period_sec * 1000;
    if (!starting) failures += 1;
    if (failures >= Math.max(1, check.retries)) throw unhealthy(check, result.stderr.toString('utf8'));
    const pause = starting ? check.start_interval_sec : check.interval_sec;
    await sleep(pause * 1000, undefined, { signal });
  }
}

function unhealthy({ command, retries }: HarborHealthcheck, said: string): ProctorError {
  const [last = ''] = said.trim().split('\n').slice(-1);
  return new ProctorError(
    'sandbox-failed',
    `the healthcheck "${command}" failed ${Math.max(1, retries)} times in a row${last && `: ${last}`}`,
  );
}
