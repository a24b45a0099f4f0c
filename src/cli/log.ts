import pino from 'pino';

export type Log = pino.Logger;

/**
 * The program's own log, never mixed with results: JSON lines to `file`, else to stderr.
 * Silent below `warn` unless PROCTOR_LOG says otherwise (trace, debug, info, warn, error, silent).
 */
export function openLog(file: string | undefined): Log {
  const level = process.env.PROCTOR_LOG ?? (file ? 'info' : 'warn');
  return pino({ level, base: null }, pino.destination({ dest: file ?? 2, sync: true, mkdir: true }));
}
