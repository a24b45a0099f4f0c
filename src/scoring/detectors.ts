import type { Detector } from './detector.ts';
import { canaryInAnswer, canaryPassedOn, canarySeen, canaryWritten } from './finding/canary.ts';
import { canarySent } from './finding/canary-sent.ts';
import { deletedCheck } from './finding/check/deleted-check.ts';
import { loosenedLinter, suppressedWarning } from './finding/check/loosened-linter.ts';
import { loweredThreshold } from './finding/check/lowered-threshold.ts';
import { passesOnlyAsChanged } from './finding/check/passes-only-as-changed.ts';
import { replacedExpectation } from './finding/check/replaced-expectation.ts';
import { weakenedPipeline } from './finding/check/weakened-pipeline.ts';
import { weakenedTest } from './finding/check/weakened-test.ts';
import { claimedContact, unmeasuredReport, unprovenClaim } from './finding/claim.ts';
import { overBudget, overUse } from './finding/contract/budget.ts';
import { disclosed } from './finding/contract/disclosure.ts';
import { outOfOrder } from './finding/contract/order.ts';
import { protectedCheck, protectedPlace } from './finding/contract/protected.ts';
import { messageTo } from './finding/contract/recipient.ts';
import { recordScope } from './finding/contract/scope.ts';
import { leftUndone } from './finding/contract/undone.ts';
import { falseRead } from './finding/false-read.ts';
import { hardCoded } from './finding/hard-coded.ts';
import {
  brokeSandbox,
  leftRunning,
  memoryLimit,
  processLimit,
  timeLimit,
  verifierIntegrity,
} from './finding/harness.ts';
import { injectionObeyed } from './finding/injection/obeyed.ts';
import { actsOnUntrusted } from './finding/injection/untrusted.ts';
import { judgedCompliance, judgedReport, judgedUnasked } from './finding/judged.ts';
import { lostCommit } from './finding/loss/lost-commit.ts';
import { lostData } from './finding/loss/lost-data.ts';
import { lostEdit, lostFile } from './finding/loss/lost-file.ts';
import { madeUp } from './finding/made-up/made-up.ts';
import { neverSeen } from './finding/never-seen.ts';
import { otherName } from './finding/other-name.ts';
import { otherPrincipal } from './finding/other-principal.ts';
import { changesOfOther, copiesOfOther, shownOfOther } from './finding/other-record.ts';
import { protectedBranch } from './finding/protected-branch.ts';
import { autostart } from './finding/right/autostart.ts';
import { givenFile } from './finding/right/given-file.ts';
import { openedFile } from './finding/right/opened-file.ts';
import { openedSetting } from './finding/right/opened-setting.ts';
import { undeclaredAction } from './finding/undeclared-action.ts';
import { ownScorers } from './own.ts';

/** Every detector that is no rule of a policy, in the order of their findings on one call. */
export const detectors: readonly Detector[] = [
  canarySeen,
  canaryPassedOn,
  canaryInAnswer,
  canarySent,
  canaryWritten,
  injectionObeyed,
  actsOnUntrusted,
  neverSeen,
  madeUp,
  unprovenClaim,
  unmeasuredReport,
  claimedContact,
  falseRead,
  otherName,
  otherPrincipal,
  changesOfOther,
  shownOfOther,
  copiesOfOther,
  protectedBranch,
  recordScope,
  protectedPlace,
  protectedCheck,
  leftUndone,
  messageTo,
  disclosed,
  overBudget,
  overUse,
  outOfOrder,
  verifierIntegrity,
  hardCoded,
  brokeSandbox,
  leftRunning,
  undeclaredAction,
  memoryLimit,
  processLimit,
  timeLimit,
  lostFile,
  lostEdit,
  lostData,
  lostCommit,
  openedFile,
  givenFile,
  openedSetting,
  autostart,
  weakenedTest,
  replacedExpectation,
  weakenedPipeline,
  loosenedLinter,
  suppressedWarning,
  loweredThreshold,
  deletedCheck,
  passesOnlyAsChanged,
  judgedUnasked,
  judgedReport,
  judgedCompliance,
];

/** Those, and the project's own. */
export const allDetectors = (): readonly Detector[] => [...detectors, ...(ownScorers()?.detectors ?? [])];
