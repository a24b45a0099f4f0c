import { dirname, join } from 'node:path';
import pino from 'pino';
import type { RunWatch } from '../orchestrator/run-claim.ts';
import type { ServerListener } from '../run-trials.ts';
import { logFile } from '../trace/location.ts';
import { createSecrets } from '../trace/secret.ts';
import { makeFolder } from './folder.ts';

/**
 * The program's own log, never mixed with results: JSON lines to `file`, else to stderr.
 * Silent below `warn` unless PROCTOR_LOG says otherwise (trace, debug, info, warn, error, silent).
 */
export function openLog(file: string | undefined): pino.Logger {
  const level = process.env.PROCTOR_LOG ?? (file ? 'info' : 'warn');
  return pino({ level, base: null }, destination(file ?? 2));
}

/**
 * The program's own log of a run: JSON lines in the run's folder, or in `file`, with secrets replaced. It is begun by its first line, so
 * that a run that never starts leaves nothing.
 */
export function openRunLog(
  dir: string,
  file: string | undefined,
  values: Record<string, string>,
): pino.Logger {
  const secrets = createSecrets(values);
  let opened: ReturnType<typeof destination> | undefined;
  const level = process.env.PROCTOR_LOG ?? 'debug';
  return pino(
    { level, base: null },
    {
      write(line: string) {
        opened ??= destination(file ?? join(dir, logFile));
        opened.write(secrets.scrub(line));
      },
    },
  );
}

function destination(dest: string | 2) {
  if (typeof dest === 'string') makeFolder(`--log ${dest}`, dirname(dest));
  return pino.destination({ dest, sync: true });
}

/** Logs what tool servers say of themselves. */
export function serverLog(log: pino.Logger): ServerListener {
  return (message) => log.debug(message, 'tool server');
}

/** Logs what is told of a run, beside showing it. */
export function loggedWatch(watch: RunWatch, log: pino.Logger): RunWatch {
  return {
    note(line) {
      log.info(line);
      watch.note(line);
    },
    event(cell, event) {
      if (event.type === 'state.entered') log.debug({ trial: cell.trial, phase: event.phase }, event.state);
      watch.event(cell, event);
    },
    ended(cell, end) {
      log[end.error ? 'warn' : 'info']({ trial: cell.trial, ...end }, 'trial ended');
      watch.ended(cell, end);
    },
  };
}
