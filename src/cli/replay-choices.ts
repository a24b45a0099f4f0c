import { chooseAgain } from '../calibration/again.ts';
import { readTrials } from '../comparison/read-run.ts';
import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { withScores } from '../library/choice.ts';
import { readChoices } from '../trace/choice-file.ts';
import { findRun } from '../trace/find-trace.ts';
import { print } from './print.ts';

/** `proctor replay --choices`: chooses again from what a run recorded. Throws `diverged` where it comes out otherwise. */
export function replayChoices(reference: string, flags: { out: string; json?: boolean }): void {
  const dir = findRun(reference, flags.out);
  const recorded = readChoices(dir);
  if (!recorded)
    throw new ProctorError('bad-flag', `${dir}: this run chose nothing; it was started without --adaptive`);
  const { trials, unreadable } = readTrials(dir);
  const [lost] = unreadable;
  if (lost) throw new ProctorError('bad-trace', `${lost.trial}: ${lost.message}`);
  const past = withScores(recorded.past, trials);
  const changed = past.flatMap((event, at) => {
    const before = recorded.past[at];
    if (event.type !== 'ended' || before?.type !== 'ended' || event.passed === before.passed) return [];
    const { agent, task } = event;
    return [{ agent, task, recorded: before.passed ?? null, today: event.passed ?? null }];
  });
  const again = chooseAgain(recorded.plan, past);
  print(flags.json, { run: dir, ...again, changed }, () =>
    [
      ...changed.map(
        ({ agent, task, recorded: was, today }) =>
          `${task} for ${agent}: its outcome was ${was}; today’s scorers say ${today}`,
      ),
      again.difference
        ? `choice ${again.difference.at} comes out otherwise: recorded was ${again.difference.recorded}, and chosen again is ${again.difference.again}`
        : `${several(again.choices, 'choice')}, all the same when chosen again`,
      '',
    ].join('\n'),
  );
  if (again.difference)
    throw new ProctorError('diverged', `choice ${again.difference.at} comes out otherwise`);
}
