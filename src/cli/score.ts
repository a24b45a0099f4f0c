import { z } from 'zod';
import { ProctorError } from '../errors.ts';
import { score } from '../library/score.ts';
import { compilePolicy } from '../policy/compile.ts';
import { amendPolicy } from '../policy/resolve.ts';
import { backtest, type RejudgedTrial } from '../report/backtest.ts';
import { renderBacktest } from '../report/render-backtest.ts';
import { badFile, displayPath, readAuthorFile } from '../schema/author-file.ts';
import { didYouMean } from '../schema/nearest.ts';
import { type PolicyAdditions, policy as policySchema } from '../schema/policy.ts';
import { readPolicyFile } from '../schema/policy-file.ts';
import { scoreTrace } from '../scored-trace.ts';
import { scoreTrial } from '../scoring/score-trial.ts';
import { verifyChain } from '../trace/chain.ts';
import { findTraces } from '../trace/find-trace.ts';
import { sealedHead } from '../trace/run-file.ts';
import { print } from './print.ts';
import { printReport } from './result.ts';

interface ScoreFlags {
  out: string;
  policy?: string;
  labels?: string;
  json?: boolean;
}

/** `proctor score`: judges recorded trials again; nothing is run again. Throws `tampered-trace` where a trace was edited. */
export function scoreAgain(references: string[], flags: ScoreFlags): void {
  const { policy, labels, json = false } = flags;
  if (labels !== undefined && policy === undefined)
    throw new ProctorError('bad-flag', '--labels: expected --policy beside it');
  if (policy === undefined) {
    printReport(score(references, flags), { json });
    return;
  }
  const traces = references.flatMap((reference) => findTraces(reference, flags.out));
  for (const { dir } of traces) verifyChain(dir, sealedHead(dir));
  printBacktest(traces, { policy, json, ...(labels !== undefined && { labels }) });
}

/**
 * Judges recorded trials by their own policy and by one that the rules of `file` change, and prints what differs.
 * Throws `bad-file` where the rules do not compile, or take away one that no trial had.
 */
function printBacktest(
  traces: readonly { dir: string }[],
  options: { policy: string; labels?: string; json?: boolean },
): void {
  const changed = readPolicyFile(options.policy);
  compilePolicy({ rules: changed.rules }, displayPath(options.policy));
  const labels = options.labels ? readAuthorFile(options.labels, z.record(z.string(), z.boolean())) : {};
  const trials = traces.map(({ dir }) => rejudged(dir, changed));
  requireRules(changed.off, trials, options.policy);
  const result = backtest(trials, labels);
  print(options.json, result, (style) => renderBacktest(result, style));
}

function rejudged(dir: string, changed: PolicyAdditions): RejudgedTrial {
  const { trial, bodies, score } = scoreTrace(dir, { fresh: true });
  const recorded = policySchema.safeParse(bodies.json(trial.started.policy));
  if (!recorded.success)
    throw new ProctorError('bad-trace', `${dir}: the recorded policy is not one this version reads`);
  const policy = amendPolicy(recorded.data, changed);
  return {
    trial: trial.started.trial,
    before: { policy: recorded.data, score },
    after: { policy, score: scoreTrial(trial, bodies, { policy }) },
  };
}

function requireRules(off: readonly string[], trials: readonly RejudgedTrial[], file: string): void {
  const known = new Set(trials.flatMap(({ before }) => before.policy.rules.map(({ id }) => id)));
  const unknown = off.find((id) => !known.has(id));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, [...known]);
  throw badFile(file, `off names "${unknown}", which no trial was judged by${hint}`);
}
