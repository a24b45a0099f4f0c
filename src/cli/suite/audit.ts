import { auditPage } from '../../check/audit/page.ts';
import { ProctorError } from '../../errors.ts';
import { type Audited, type AuditOptions, audit } from '../../library/audit.ts';
import { makeFolder } from '../folder.ts';
import { onInterrupt } from '../interrupt.ts';
import { openLog, serverLog } from '../log.ts';
import { print, say } from '../print.ts';
import { watchInTenths } from '../progress.ts';

export interface AuditFlags extends AuditOptions {
  json?: boolean;
  log?: string;
}

/** `proctor suite audit`: plays what cheats, guesses and repeats at a suite. Throws `gate-not-met` where a flaw was found. */
export async function auditSuite(suite: string, flags: AuditFlags): Promise<void> {
  const { dir: _, ...audited } = await followedAudit(suite, flags);
  print(flags.json, audited, (style) => `sandbox: ${audited.sandbox}\n${auditPage(audited, style)}`);
  const flaws = audited.lines.filter(({ status }) => status === 'flaw').map(({ name }) => name);
  if (flaws.length > 0) throw new ProctorError('gate-not-met', `${suite} has flaws: ${flaws.join(', ')}`);
}

/** An audit that is shown while it runs, and can be stopped. */
export async function followedAudit(suite: string, { log, ...flags }: AuditFlags): Promise<Audited> {
  if (flags.keep !== undefined) makeFolder(`--keep ${flags.keep}`, flags.keep);
  const interrupt = onInterrupt(say);
  try {
    return await audit(suite, {
      ...flags,
      say,
      signal: interrupt.signal,
      onServerMessage: serverLog(openLog(log)),
      watchTrials: (trials) => watchInTenths(trials, process.stderr),
    });
  } finally {
    interrupt.stop();
  }
}
