import { isDeepStrictEqual } from 'node:util';
import type { RecordedTrial } from '../agent/recorded.ts';
import { isJsonObject, type Json, type JsonObject } from '../schema/json.ts';
import { type StateChange, sha256Of } from '../schema/state.ts';
import type { StateAnswer, Step } from '../schema/trial.ts';
import { alikeRepository } from './alike-repository.ts';
import { type BoundIds, masksAndIdsBetween } from './bound-ids.ts';
import { type Difference, likelyCause } from './difference.ts';
import { maskChanges, type Sides } from './mask.ts';
import { argumentsUntil, type Compared, type Pair, periodOf } from './pair.ts';

type Answers = Pick<Step, 'milestones'> & { state?: Partial<StateAnswer> };

/**
 * Compares what the probes said after a step, or before the first. A step that was cut off was not asked about.
 * `carried` says that an earlier step changed the state in another way, which masks covered.
 */
export function compareState(
  pair: Pair,
  step: number | undefined,
  carried: boolean,
  ids: BoundIds,
): Compared {
  const then = answersOf(pair.recorded.trial, step);
  const now = answersOf(pair.replayed.trial, step);
  if (then === undefined || now === undefined) return { masks: [] };
  const state = compareStates(pair, step, { recorded: then.state, replayed: now.state }, carried, ids);
  if (state.difference) return state;
  if (isDeepStrictEqual(then.milestones, now.milestones)) return state;
  const names = Object.keys({ ...then.milestones, ...now.milestones }).filter(
    (name) => then.milestones[name] !== now.milestones[name],
  );
  const told = (answers: Answers) =>
    names.map((name) => `${name}: ${held(answers.milestones[name])}`).join('\n');
  return differs(pair, step, names.length > 1 ? 'milestones' : 'milestone', told(then), told(now));
}

const held = (answer: boolean | undefined) =>
  answer === undefined ? 'no answer' : answer ? 'reached' : 'not reached';

function answersOf(trial: Pair['recorded']['trial'], step: number | undefined): Answers | undefined {
  if (step !== undefined) {
    const found = trial.steps[step];
    return found?.finished ? found : undefined;
  }
  if (!trial.initial) return undefined;
  const { milestones, digest, error } = trial.initial;
  return { milestones, state: { ...(digest && { digest }), changes: [], ...(error && { error }) } };
}

/** The same state, or the same changes but for what masks cover. */
function compareStates(
  pair: Pair,
  step: number | undefined,
  { recorded: then, replayed: now }: Sides<Answers['state']>,
  carried: boolean,
  ids: BoundIds,
): Compared {
  if (then?.digest === now?.digest) return { masks: [] };
  if (step !== undefined && then?.digest && now?.digest) {
    const masks = masksBetweenChanges(pair, step, { recorded: then, replayed: now }, carried, ids);
    if (masks && (masks.length > 0 || carried)) return { masks };
  }
  const unread = then?.error ?? now?.error;
  const told = (state: Answers['state']) => state?.error ?? listed(state?.changes ?? []);
  const both = { recorded: told(then), replayed: told(now) };
  if (both.recorded === both.replayed)
    return differs(pair, step, 'state', then?.digest ?? 'none', now?.digest ?? 'none');
  const { difference } = differs(pair, step, 'state', both.recorded, both.replayed);
  if (unread !== undefined)
    return { masks: [], difference: { ...difference, cause: `it could not be read: ${unread}` } };
  const paths = differingPaths(then?.changes ?? [], now?.changes ?? []);
  return { masks: [], difference: { ...difference, paths } };
}

/** Paths that one side changed and the other did not, or not in the same way. */
function differingPaths(then: readonly StateChange[], now: readonly StateChange[]): string[] {
  const missingIn = (side: readonly StateChange[]) => (change: StateChange) =>
    !side.some((other) => isDeepStrictEqual(other, change));
  return [
    ...new Set([...then.filter(missingIn(now)), ...now.filter(missingIn(then))].map(({ path }) => path)),
  ];
}

const listed = (changes: readonly StateChange[]) => JSON.stringify(changes, null, 2);

/** The masks needed to take two lists of changes for the same, or undefined where they are not. */
function masksBetweenChanges(
  pair: Pair,
  step: number,
  answers: Sides<Partial<StateAnswer>>,
  carried: boolean,
  ids: BoundIds,
): string[] | undefined {
  const alike = alikeTexts(pair, step, answers, ids);
  const { recorded: then } = answers;
  const committed = alikeRepository({ recorded: then.changes ?? [], replayed: alike.replayed }, carried);
  const { recorded, replayed, needed } = maskChanges(
    { recorded: then.changes ?? [], replayed: committed.replayed },
    pair.stateMasks,
  );
  const masks = masksAndIdsBetween(
    { recorded: listed(byPath(recorded)), replayed: listed(byPath(replayed)), times: timesOf(pair) },
    lastArguments(pair, step),
    pair.masks,
    ids,
  );
  return masks && [...needed, ...alike.needed, ...committed.needed, ...masks];
}

/** The changes of a replay with the entries of the record for files whose texts are the same but for ids and masks. */
function alikeTexts(
  pair: Pair,
  step: number,
  { recorded: then, replayed: now }: Sides<Partial<StateAnswer>>,
  ids: BoundIds,
): { replayed: StateChange[]; needed: string[] } {
  const needed: string[] = [];
  const args = lastArguments(pair, step);
  const alike = (entry: Json | undefined, again: Json | undefined) => {
    const [a, b] = [textIn(pair.recorded, then, entry), textIn(pair.replayed, now, again)];
    if (a === undefined || b === undefined || a === b) return again;
    ids.learnFromState(step, { recorded: a, replayed: b });
    const masks = masksAndIdsBetween(
      { recorded: a, replayed: b, times: timesOf(pair) },
      args,
      pair.masks,
      ids,
    );
    if (masks === undefined) return again;
    needed.push(...masks);
    return { ...asObject(again), sha256: sha256Of(entry) ?? '', size: asObject(entry).size ?? 0 };
  };
  const replayed = (now.changes ?? []).map((change): StateChange => {
    const path = ids.asRecorded(change.path);
    const same = then.changes?.find((one) => one.path === path && one.op === change.op);
    if (same === undefined) return change;
    const [before, after] = [alike(same.before, change.before), alike(same.after, change.after)];
    return {
      ...change,
      path,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    };
  });
  return { replayed, needed };
}

const asObject = (entry: Json | undefined): JsonObject => (isJsonObject(entry) ? entry : {});

/** The text of a file by its entry, where the record has it. */
function textIn({ bodies }: RecordedTrial, { contents }: Partial<StateAnswer>, entry: Json | undefined) {
  const body = contents?.[sha256Of(entry) ?? ''];
  return body === undefined ? undefined : bodies.text(body);
}

const byPath = (changes: readonly StateChange[]) => changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));

const timesOf = ({ recorded, replayed }: Pair) => [periodOf(recorded.trial), periodOf(replayed.trial)];

function differs(
  pair: Pair,
  step: number | undefined,
  what: string,
  recorded: string,
  replayed: string,
): { masks: string[]; difference: Difference } {
  const cause = step === undefined ? undefined : likelyCause(argumentsUntil(pair.recorded, step));
  return {
    masks: [],
    difference: { ...(step !== undefined && { step }), what, recorded, replayed, ...(cause && { cause }) },
  };
}

function lastArguments({ recorded }: Pair, step: number): string {
  return (
    recorded.trial.steps[step]?.calls.map((call) => recorded.bodies.text(call.arguments)).join('\n') ?? ''
  );
}
