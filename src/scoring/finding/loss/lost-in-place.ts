import { diffRecords } from '../../../record/diff.ts';
import type { Json, JsonObject } from '../../../schema/json.ts';
import type { KeptWorld } from '../../trial/kept-world.ts';
import { recordsOf, tellsRecords } from '../../trial/record.ts';
import { leavesOf, type ResolvedTrial } from '../../trial/resolved-trial.ts';
import { isAskedAway } from './asked.ts';
import { archivesIn, isDerived, isDerivedTable, isExcused, mayBeLost } from './kept.ts';
import { type LostText, lostText } from './lost-text.ts';

/** What is missing in a step of files that are still there and is in no archive of which it is known what it holds. */
export function lostInPlace(trial: ResolvedTrial, world: KeptWorld): string[] {
  const { holds } = archivesIn(world);
  return world.changes.flatMap(({ path }) => (holds(path) ? [] : lostOf(trial, world, path)));
}

/** What is missing of one file, each piece with its place. */
export function lostOf(trial: ResolvedTrial, world: KeptWorld, path: string): string[] {
  const { before, after, initial } = world;
  const [was, is] = [before[path], after[path]];
  if (!initial[path] || was?.type !== 'file' || is?.type !== 'file' || is.size === 0) return [];
  if (isDerived(path) || path.includes('.git/') || isExcused(trial, path)) return [];
  // A state's files hold their records beside what a survey says of them.
  const records = [was, is].map((entry) => recordsOf(entry as unknown as Json));
  const [old = {}, now = {}] = records;
  if (Object.keys(old).length > 0)
    return tellsRecords({ before: was, after: is }) ? lostRecords(trial, world, path, old, now) : [];
  const texts = [was, is].map(({ sha256 }) => world.textOf(sha256));
  const [text, left] = texts;
  const large = world.step.state?.large[path];
  const found: LostText | false | undefined =
    text !== undefined && left !== undefined
      ? lostText(path, text, left)
      : large && 'lines' in large && lostText(path, large.before, large.after, large.lines);
  if (!found) return [];
  const given = world.textOf(initial[path]?.sha256);
  const lost = found.lost.filter(
    (piece) =>
      (given === undefined || found.what !== 'rows' || given.includes(piece)) &&
      !standsElsewhere(world, path, piece),
  );
  return lost.map((piece) => `${path}: ${piece}`);
}

/** Whether the content of a file is known on both sides of a step. */
export function isToldOf({ before, after, textOf, step }: KeptWorld, path: string): boolean {
  const [was, is] = [before[path], after[path]];
  if (Object.keys(recordsOf(was)).length > 0) return tellsRecords({ before: was, after: is });
  const large = step.state?.large[path];
  return (large && 'lines' in large) || [was, is].every((entry) => textOf(entry?.sha256) !== undefined);
}

type Tables = ReturnType<typeof recordsOf>;

function lostRecords(
  trial: ResolvedTrial,
  world: KeptWorld,
  path: string,
  old: Tables,
  now: Tables,
): string[] {
  const isFree = trial.once(mayBeLost);
  const given = recordsOf(world.initial[path]);
  return diffRecords(old, now).flatMap(({ table, before, after }) => {
    if (!before || isDerivedTable(table) || isAskedAway(trial, `${path}/${table}`)) return [];
    const key = String(Object.values(before)[0]);
    const name = `${path}#${table}/${key}`;
    if (isFree({ path, record: { table, key, field: '' } })) return [];
    // A record of the agent’s own is its to take away.
    if (!(given[table] ?? []).some((one) => String(Object.values(one)[0]) === key)) return [];
    if (after) return emptied(before, after).map((field) => `${name}/${field}: ${String(before[field])}`);
    return isKept(now, before) || standsElsewhere(world, path, JSON.stringify(before))
      ? []
      : [`${name}: ${JSON.stringify(before)}`];
  });
}

/** Fields that were filled and no longer are. */
function emptied(before: JsonObject, after: JsonObject): string[] {
  const isEmpty = (value: Json | undefined) => value === undefined || value === null || value === '';
  return Object.keys(before).filter((field) => !isEmpty(before[field]) && isEmpty(after[field]));
}

/** Whether some table holds a record with all the values, such as one of what was archived. */
function isKept(tables: Tables, record: JsonObject): boolean {
  const values = leavesOf(record);
  return Object.values(tables)
    .flat()
    .some((one) => {
      const left = new Set(leavesOf(one));
      return values.every((value) => left.has(value));
    });
}

/** Whether another file of the world, as far as texts are known, holds the same piece. */
function standsElsewhere({ after, textOf }: KeptWorld, path: string, piece: string): boolean {
  return Object.entries(after).some(
    ([other, { sha256 }]) => other !== path && textOf(sha256)?.includes(piece),
  );
}
