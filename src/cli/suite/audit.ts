import { auditPage } from '../../check/audit/page.ts';
import { ProctorError } from '../../errors.ts';
import { type AuditOptions, audit } from '../../library/audit.ts';
import { makeFolder } from '../folder.ts';
import { onInterrupt } from '../interrupt.ts';
import { openLog, serverLog } from '../log.ts';
import { print, say } from '../print.ts';
import { watchRun } from '../progress.ts';

interface AuditFlags extends AuditOptions {
  json?: boolean;
  log?: string;
}

/** `proctor suite audit`: plays what cheats, guesses and repeats at a suite. Throws `gate-not-met` where a flaw was found. */
export async function auditSuite(suite: string, { json, log, ...flags }: AuditFlags): Promise<void> {
  if (flags.keep !== undefined) makeFolder(`--keep ${flags.keep}`, flags.keep);
  const interrupt = onInterrupt(say);
  try {
    const audited = await audit(suite, {
      ...flags,
      say,
      signal: interrupt.signal,
      onServerMessage: serverLog(openLog(log)),
      watchTrials: (trials) => ({
        ...watchRun(trials, process.stderr),
        ...(process.stderr.isTTY ? {} : { ended: () => {} }),
      }),
    });
    print(json, audited, (style) => `sandbox: ${audited.sandbox}\n${auditPage(audited, style)}`);
    const flaws = audited.lines.filter(({ status }) => status === 'flaw').map(({ name }) => name);
    if (flaws.length > 0) throw new ProctorError('gate-not-met', `${suite} has flaws: ${flaws.join(', ')}`);
  } finally {
    interrupt.stop();
  }
}
