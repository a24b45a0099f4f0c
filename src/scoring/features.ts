import type { Unscored } from '../schema/score.ts';
import { asked } from './feature/asked.ts';
import { endedOnFailure } from './feature/ended-on-failure.ts';
import { failedCalls } from './feature/failed-call.ts';
import { found } from './feature/finding.ts';
import { installed } from './feature/installed.ts';
import { labels } from './feature/label.ts';
import { long, short } from './feature/length.ts';
import { lostMilestone } from './feature/lost-milestone.ts';
import { outcomes } from './feature/outcome.ts';
import { outputCut } from './feature/output-cut.ts';
import { refused } from './feature/refused.ts';
import { repeatedFailure } from './feature/repeated-failure.ts';
import { silence } from './feature/silence.ts';
import { talked } from './feature/talked.ts';
import { failingTests, untested } from './feature/test.ts';
import { unchanged } from './feature/unchanged.ts';
import { unreadWrite } from './feature/unread-write.ts';
import { unrecovered } from './feature/unrecovered.ts';
import { unverified } from './feature/unverified.ts';
import { wentOnline } from './feature/went-online.ts';
import { wroteFirst } from './feature/wrote-first.ts';
import type { Feature, Told } from './feature.ts';
import { ownScorers } from './own.ts';

/** Every feature of a trial, in the order in which scores have them. */
export const features: readonly Feature[] = [
  unverified,
  unreadWrite,
  wroteFirst,
  unchanged,
  untested,
  failingTests,
  repeatedFailure,
  endedOnFailure,
  unrecovered,
  asked,
  refused,
  talked,
  lostMilestone,
  outputCut,
  installed,
  wentOnline,
  short,
  long,
  silence,
  ...labels,
  ...failedCalls,
  ...outcomes,
  ...found,
];

/** Those, and the project's own. */
export const allFeatures = (): readonly Feature[] => [...features, ...(ownScorers()?.features ?? [])];

const unseen = { unscored: 'the agent made calls that nobody saw' };

/** What each feature says of a trial, by its id. */
export function featuresOf(told: Told): Record<string, boolean | Unscored> {
  const blind = (told.trial.trial.unseenCalls ?? 0) > 0;
  return Object.fromEntries(
    allFeatures().map(({ id, calls, tell }) => {
      const said = blind && calls === 'all' ? unseen : tell(told);
      return [id, blind && calls === 'some' && said === false ? unseen : said];
    }),
  );
}
