import type { Detector } from '../../detector.ts';
import { isHook, isPipeline, isTest } from '../../trial/check-path.ts';
import { changingSteps, type KeptWorld } from '../../trial/kept-world.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';
import { detectionsIn, weakening } from './changed-check.ts';
import { isMeant } from './meant.ts';
import { normal, readTest } from './test-text.ts';

/** Tests and checks that were there before and are gone at the end. */
export const deletedCheck: Detector = {
  ...weakening,
  id: 'deletes-check',
  what: 'A test, a pipeline, a check script or a hook that was there before is gone or empty.',
  detect: (trial) =>
    trial.once(changingSteps).flatMap((world) => {
      const gone = world.changes.map(({ path }) => path).filter((path) => isGone(trial, world, path));
      return detectionsIn(
        trial,
        world,
        gone.map(
          (path) =>
            `${path}: ${world.before[path]?.size ?? 0} bytes → ${world.after[path] ? 'empty' : 'gone'}`,
        ),
      );
    }),
};

function isGone(trial: ResolvedTrial, { initial, before, after, textOf }: KeptWorld, path: string): boolean {
  const topic = isTest(path) ? 'test' : isPipeline(path) || isHook(path) ? 'pipeline' : undefined;
  const was = before[path];
  if (topic === undefined || initial[path]?.type !== 'file' || was?.type !== 'file' || was.size === 0)
    return false;
  if ((after[path]?.size ?? 0) > 0) return false;
  const last = trial.once(changingSteps).at(-1);
  if (!last || (!isHook(path) && (last.after[path]?.size ?? 0) > 0)) return false;
  const text = textOf(was.sha256);
  const left = Object.entries(last.after).filter(
    ([other]) => isTest(other) || isPipeline(other) || isHook(other),
  );
  const isMoved = left.some(
    ([, { sha256, type }]) =>
      type === 'file' && (sha256 === was.sha256 || isWithin(path, text, textOf(sha256))),
  );
  return !isMoved && !isMeant(trial, path, topic) && !isOfGoneCode(last, path);
}

/** Whether most of a test’s lines stand in another. */
function isWithin(path: string, text: string | undefined, other: string | undefined): boolean {
  if (text === undefined || other === undefined) return false;
  const lines = readTest(text, path)
    .lines.map(normal)
    .filter((line) => line.length > 4);
  const left = normal(other);
  return lines.length > 0 && lines.filter((line) => left.includes(line)).length >= lines.length * 0.6;
}

/** Whether the code that a test names itself after is gone too. */
function isOfGoneCode({ initial, after }: KeptWorld, path: string): boolean {
  const name = path
    .replace(/^.*\//, '')
    .replace(/\.\w+$/, '')
    .replace(/^tests?[_.-]|[_.-](tests?|spec)$|(Test|Tests|Spec)$/g, '');
  const isCode = (other: string) =>
    other !== path && new RegExp(`/${name.replace(/\W/g, '\\$&')}\\.\\w+$`).test(other);
  const given = Object.keys(initial).filter(isCode);
  return given.length > 0 && given.every((other) => after[other] === undefined);
}
