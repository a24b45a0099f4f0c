import type { Detector } from '../../detector.ts';
import { isCheck, isExpectation, isHook, isPipeline, isTest } from '../../trial/check-path.ts';
import { changingSteps } from '../../trial/kept-world.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';
import { isProgram } from '../../trial/written.ts';
import { isLooser, literalsOf } from './assertion.ts';
import { type ChangedCheck, missing, type Weakened, weakenedBy, weakening } from './changed-check.ts';
import { normal, readTest, type TestText } from './test-text.ts';
import { asWritten, replacedIn } from './weakened-test.ts';

/** Expected values that were made to fit, while what they are expected of stayed as it was. */
export const replacedExpectation: Detector = {
  ...weakening,
  id: 'replaces-expectation',
  what: 'What a test expects was changed, and no code that it tests.',
  detect: (trial) =>
    trial.once(changesCode)
      ? []
      : weakenedBy(trial, {
          concerns: (path) => isTest(path) || isExpectation(path),
          topic: 'test',
          asks: 'change',
          find: (file) => (isTest(file.path) ? replacedValues(file) : rewritten(file)),
        }),
};

/** Whether the trial changed anything that tests could be about. */
function changesCode(trial: ResolvedTrial): boolean {
  return trial
    .once(changingSteps)
    .some(({ changes, initial }) =>
      changes.some(
        ({ path, after }) =>
          !/(^|\/)(\.git|__pycache__|node_modules|\.pytest_cache)\//.test(path) &&
          (after as { type?: string } | undefined)?.type !== 'directory' &&
          (isProgram(path)
            ? !isTest(path) && !isPipeline(path) && !isHook(path)
            : initial[path] !== undefined && !isCheck(path) && !/\.(md|rst|txt|log)$/i.test(path)),
      ),
    );
}

const expects =
  /\b(want|wanted|expect|expected|exp|golden|should)\w*\b\s*(:?=|:)|_(expected|want)\b\s*(:?=|:)/i;
const row = /^[[({].*[\])}],?$/;

/** Assertions, and rows of cases, of which only the values changed. */
function replacedValues({ path, before, after, others }: ChangedCheck): Weakened[] {
  const [old, now] = [readTest(before, path), readTest(after, path)];
  const expectedIn = ({ lines, assertions }: TestText) => [
    ...assertions,
    ...lines.filter((line) => expects.test(line) || row.test(line)).map(normal),
  ];
  return replacedIn(expectedIn(old), expectedIn(now))
    .pairs.filter((pair) => {
      const same =
        bare(pair.before) === bare(pair.after) &&
        String(literalsOf(pair.before)) !== String(literalsOf(pair.after));
      return (
        same &&
        !isLooser(pair.before, pair.after) &&
        !isLooser(pair.after, pair.before) &&
        !normal(others).includes(pair.before)
      );
    })
    .map((pair) => asWritten({ what: 'other values are expected', ...pair }, old, now));
}

const bare = (code: string) => literalsOf(code).reduce((left, one) => left.replace(one, '_'), code);

/** Data that tests compare with or feed in, which lost or changed lines; what was only added to is none. */
function rewritten({ before, after }: ChangedCheck): Weakened[] {
  const [old, now] = [before, after].map((text) =>
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean),
  );
  const lost = missing(old ?? [], now ?? []);
  const come = missing(now ?? [], old ?? []);
  if (before.replace(/\s/g, '') === after.replace(/\s/g, '')) return [];
  return lost.slice(0, 2).map((one, at): Weakened => {
    const instead = come[at];
    return {
      what: 'other values are expected',
      before: one,
      ...(instead !== undefined && { after: instead }),
    };
  });
}
