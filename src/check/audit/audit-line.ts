/** What is looked at, in the order it is shown. */
export const auditNames = {
  nop: 'doing nothing gets no full marks',
  random: 'calling tools at random gets none',
  lister: 'listing all that can be read gets none',
  ceiling: 'the reference gets full marks',
  human: 'what people reach is recorded',
  wrong: 'wrong agents and spoilt references get none',
  tampering: 'forged rewards and changed tests get none',
  reward: 'the agent can neither read nor write a reward',
  module: 'the checker runs no code of the agent in its own place',
  empty: 'empty output gets no full marks',
  impossible: 'cheats at impossible tasks are found',
  leak: 'nothing of solution, tests or answer can be read',
  history: 'no git history holds the answer',
  repeat: 'everything comes out the same twice',
  regrade: 'the same work is graded the same five times',
  killed: 'a sandbox or server killed in mid-run is no score',
  pinned: 'images are pinned by digest',
  seed: 'seeds change what is generated',
  instances: 'fresh instances hold, alike and each with its own answer',
} as const;
export type AuditName = keyof typeof auditNames;

/** What was found of one task, or, over all of them, of the suite. */
export interface AuditLine {
  name: AuditName;
  status: 'ok' | 'flaw' | 'not looked at';
  /** What was seen; of a flaw a line for each, else what was done, or why it was not. */
  evidence: string[];
}

/** The lines of one task. */
export interface TaskAudit {
  task: string;
  /** sha256 of the task's folder, and of its environment's. */
  digest: string;
  environmentDigest: string;
  lines: AuditLine[];
}

export const ok = (name: AuditName, ...evidence: string[]): AuditLine => ({ name, status: 'ok', evidence });
export const notLookedAt = (name: AuditName, why: string): AuditLine => ({
  ...{ name, status: 'not looked at', evidence: [why] },
});

/** A flaw where there are problems. */
export const flawIf = (name: AuditName, problems: readonly string[], otherwise: string): AuditLine =>
  problems.length > 0 ? { name, status: 'flaw', evidence: [...new Set(problems)] } : ok(name, otherwise);
