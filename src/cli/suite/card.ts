import { writeFileSync } from 'node:fs';
import { suiteHealth } from '../../calibration/health.ts';
import { comparable, suiteCard } from '../../check/audit/card.ts';
import { supportedState } from '../../check/audit/supported-state.ts';
import { isScored } from '../../comparison/trial-set.ts';
import { messageOf, ProctorError } from '../../errors.ts';
import { htmlPage } from '../../report/html-page.ts';
import { declaredSplit } from '../../task/generate/private-seed.ts';
import { askedOf } from '../../trace/query-ledger.ts';
import { printText } from '../print.ts';
import { type AuditFlags, followedAudit } from './audit.ts';
import { recordedTrials } from './recorded.ts';

interface CardFlags extends AuditFlags {
  output?: string;
  /** What the file’s name says when absent. */
  format?: 'markdown' | 'html';
  out: string;
}

/** `proctor suite card`: audits a suite, and writes that with what it declares and what runs say of it onto one page. */
export async function card(
  suite: string,
  selectors: readonly string[],
  { output: named, format, out, ...flags }: CardFlags,
): Promise<void> {
  const isHtml = (format ?? (/\.html?$/i.test(named ?? '') ? 'html' : 'markdown')) === 'html';
  const output = named ?? (isHtml ? 'card.html' : 'card.md');
  const trials = selectors.length > 0 ? recordedTrials(selectors, { out, task: [], tag: [], agent: [] }) : [];
  const audited = await followedAudit(suite, flags);
  const { own, ...leftOut } = comparable(audited, trials);
  const health = own.some(isScored) ? suiteHealth(own) : undefined;
  const split = declaredSplit(audited.dir);
  const runs = { ...leftOut, ...(health && { health }), ...(split && { asked: askedOf(split) }) };
  try {
    const page = suiteCard(audited, runs);
    writeFileSync(output, isHtml ? htmlPage(page, audited.suite) : page);
  } catch (error) {
    throw new ProctorError('bad-flag', `--output ${output}: ${messageOf(error)}`, { cause: error });
  }
  const { state, why } = supportedState(audited, health);
  printText(`the evidence supports ${state}: ${why}\nwritten to ${output}\n`);
}
