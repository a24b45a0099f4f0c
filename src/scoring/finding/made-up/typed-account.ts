import { account } from '../../account.ts';
import { isProgram } from '../../written.ts';
import type { FindCandidates } from './candidate.ts';

const trial = /test|fixture|sample|mock|example|demo|seed|dummy|fake/i;

/** Accounts and telephone numbers in files that are neither programs nor made for tests. */
export const typedAccounts: FindCandidates = (resolved, step) =>
  resolved
    .written(step)
    .filter(({ path }) => !isProgram(path) && !trial.test(path))
    .flatMap(({ path, added }) => (added.match(account) ?? []).map((value) => ({ where: path, value })));
