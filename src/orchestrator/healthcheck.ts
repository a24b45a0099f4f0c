import { setTimeout as sleep } from 'node:timers/promises';
import { ProctorError } from '../errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { HarborHealthcheck } from '../schema/harbor-task.ts';

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
