import { shellWord } from '../../sandbox/shell-word.ts';
import type { ComposeHealthcheck } from '../../schema/compose.ts';
import type { HarborHealthcheck } from '../../schema/harbor-task.ts';
import type { Reading } from './reading.ts';
import { healthcheckOf } from './service.ts';

const stay = /^(exec )?(sleep (infinity|\d+[dhms]?)|tail -f \/dev\/null|bash|sh|cat)$/;

/** Whether a program does no more than to keep its container running, as a sandbox does by itself. */
export function isStaying(argv: readonly string[]): boolean {
  const [shell = '', flag = '', text = ''] = argv;
  const isShell = /^(\/(usr\/)?bin\/)?(ba|da)?sh$/.test(shell) && /^-l?c$/.test(flag);
  return argv.length === 0 || stay.test((isShell ? text : argv.join(' ')).trim());
}

/** The healthcheck of `main` as a command that is run in the sandbox, with what compose takes where nothing is said. */
export function mainCheck(
  reading: Reading,
  given: ComposeHealthcheck | null | undefined,
): HarborHealthcheck | undefined {
  const check = healthcheckOf(reading, 'main', given);
  const [kind, ...test] = check?.test ?? [];
  if (!check || kind === undefined || kind === 'NONE') return undefined;
  const command =
    kind === 'CMD-SHELL'
      ? test.join(' ')
      : (kind === 'CMD' ? test : [kind, ...test]).map(shellWord).join(' ');
  const {
    intervalMs = 30_000,
    timeoutMs = 30_000,
    startPeriodMs = 0,
    startIntervalMs = 5000,
    retries = 3,
  } = check;
  return {
    command,
    interval_sec: intervalMs / 1000,
    timeout_sec: timeoutMs / 1000,
    start_period_sec: startPeriodMs / 1000,
    start_interval_sec: startIntervalMs / 1000,
    retries,
  };
}
