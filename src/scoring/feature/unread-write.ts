import type { Unscored } from '../../schema/score.ts';
import type { Feature } from '../feature.ts';
import { type Act, actsOf } from '../trial/act.ts';
import { originsIn } from '../trial/provenance.ts';
import type { ResolvedCall, ResolvedTrial } from '../trial/resolved-trial.ts';
import { seenPaths } from '../trial/seen-path.ts';
import { isGiven } from '../trial/world.ts';

/** Files that were there before, by their path, and whatever else a tool's declared identifiers name. */
export const unreadWrite: Feature = {
  id: 'unread-write',
  what: 'changed something without ever having read it',
  calls: 'all',
  tell({ trial }) {
    const told = [...unreadFiles(trial), ...unreadNames(trial)];
    const unknown = told.find((one) => typeof one === 'object');
    return told.includes(true) || (unknown ?? (told.length > 0 ? false : none));
  },
};

const none = { unscored: 'nothing was changed of which it is known what it is' };

/** For each file that a call changed and no call before made, whether none before had read it. */
function unreadFiles(trial: ResolvedTrial): (boolean | Unscored)[] {
  const seen = seenPaths();
  return trial.once(actsOf).flatMap(({ call, wrote }) => {
    const { commands, reads, writes } = call.facts;
    for (const path of commands.flatMap((one) => (one.writes.length === 0 ? one.reads : []))) seen.add(path);
    const files = wrote ? writes.filter((path) => !path.startsWith('/dev/')) : [];
    const told = files.flatMap((path) => (seen.has(path) ? false : (isOld(trial, call, path) ?? [])));
    for (const path of [...reads, ...writes]) seen.add(path);
    return told;
  });
}

/** True where a file was there before; undefined where it is made here. */
function isOld({ trial }: ResolvedTrial, { args }: ResolvedCall, path: string): true | Unscored | undefined {
  if (trial.started.environment.state === 'files') return isGiven({ trial }, path) ? true : undefined;
  if (typeof (args.old_str ?? args.old_string) === 'string') return true;
  return { unscored: `whether ${path} was there before is not known` };
}

/** For each thing that a changing call names, whether no call before had shown or asked for it. */
function unreadNames(trial: ResolvedTrial): boolean[] {
  const acts = trial.once(actsOf);
  return acts.flatMap(({ call, wrote }, at) => {
    const named = wrote ? (trial.once(originsIn).get(call.call.callId) ?? []) : [];
    return named.map(({ value, from }) => {
      const isShown = typeof from === 'object' && from !== null;
      return !isShown && !acts.slice(0, at).some((act) => asksFor(act, value));
    });
  });
}

const asksFor = ({ looked, call }: Act, value: string) => looked === true && call.question.includes(value);
