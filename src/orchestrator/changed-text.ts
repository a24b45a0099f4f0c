import { isUtf8 } from 'node:buffer';
import type { SurveyedFile } from '../sandbox/sandbox.ts';
import type { Body } from '../schema/body.ts';
import type { Json } from '../schema/json.ts';
import { type StateChange, sha256Of } from '../schema/state.ts';
import { commitText, isGitsOwn, namedCommits } from './git-commit.ts';
import type { LiveTrial } from './live-trial.ts';

/** How much text is kept: bytes of one file, of all files read at once, and of all in a trial; and files read at once. */
export const keptText = { file: 32 * 1024, atOnce: 256 * 1024, trial: 2 * 1024 * 1024, files: 200 } as const;

/** What is recorded of the world's texts before the first step: characters of one, and of all. */
const recorded = { file: 8 * 1024, all: 64 * 1024 } as const;

/** Folders whose files are the image's rather than the task's. */
const system = /^\/(etc|root|usr|var)\//;

/**
 * Keeps the texts of short files, so that a later change can be shown with the text before it, and records those of the task,
 * so that a reader can tell what the agent took from them.
 */
export async function keepTexts(live: LiveTrial): Promise<void> {
  const begun = performance.now();
  const tree =
    live.plan.environment.config.state && 'paths' in live.plan.environment.config.state && live.world.state;
  if (!tree || typeof tree !== 'object') return;
  await readTexts(live, Object.entries(tree));
  const { recorder } = live.parts;
  let left: number = recorded.all;
  const contents: Record<string, Body> = {};
  for (const [path, entry] of Object.entries(tree)) {
    const digest = sha256Of(entry);
    const text = digest === undefined || system.test(path) ? undefined : live.world.texts.get(digest);
    if (digest === undefined || text === undefined || text.length > Math.min(recorded.file, left)) continue;
    left -= text.length;
    contents[digest] = recorder.bodies.text(text);
  }
  if (Object.keys(contents).length === 0) return;
  const durationMs = performance.now() - begun;
  recorder.append({ type: 'texts.kept', contents, durationMs });
}

/** Texts of the files that changed, before and after, by sha256; long and binary ones are left out. */
export async function changedTexts(
  live: LiveTrial,
  changes: readonly StateChange[],
): Promise<Record<string, Body>> {
  await readTexts(
    live,
    changes.map(({ path, after }) => [path, after]),
  );
  const { bodies } = live.parts.recorder;
  const contents: Record<string, Body> = {};
  for (const digest of changes.flatMap(({ before, after }) => [sha256Of(before), sha256Of(after)])) {
    const text =
      digest === undefined ? undefined : (live.world.texts.get(digest) ?? recordLines(live, digest));
    if (digest !== undefined && text !== undefined) contents[digest] = bodies.text(text);
  }
  return contents;
}

/** The records of a binary file such as a database, one per line. */
function recordLines({ world }: LiveTrial, digest: string): string | undefined {
  const read = world.records.get(digest);
  if (!read || 'unread' in read) return undefined;
  const lines = Object.entries(read.records).flatMap(([table, all]) =>
    all.map((record) => `${table} ${JSON.stringify(record)}\n`),
  );
  const text = lines.join('');
  return text.length > keptText.atOnce ? undefined : text;
}

async function readTexts(
  live: LiveTrial,
  entries: readonly [path: string, entry: Json | undefined][],
): Promise<void> {
  for (const [digest, bytes] of await readFiles(live, shortFiles(live, entries)))
    if (isUtf8(bytes) && !bytes.includes(0)) live.world.texts.set(digest, bytes.toString());
  if (entries.some(([path]) => path.includes('.git/'))) await readCommits(live);
}

/** How far back the parents of commits are followed that no log names. */
const maxGenerations = 4;

/** Reads the commits that refs, logs and each other name, so that a reader can tell which were lost. */
async function readCommits(live: LiveTrial): Promise<void> {
  const { texts } = live.world;
  const tree = live.world.surveyed ?? {};
  for (let generation = 0; generation < maxGenerations; generation += 1) {
    const wanted = namedCommits(tree, (sha256) => texts.get(sha256)).flatMap((path): SurveyedFile[] => {
      const { size = 0, sha256 } = tree[path] ?? {};
      return sha256 === undefined || texts.has(sha256) ? [] : [{ path, size, sha256 }];
    });
    const found = await readFiles(live, wanted);
    if (found.size === 0) return;
    for (const [digest, bytes] of found) texts.set(digest, commitText(bytes));
  }
}

/** A file that can't be read is left out; the next probe says what is wrong. */
async function readFiles({ sandbox }: LiveTrial, wanted: SurveyedFile[]): Promise<Map<string, Buffer>> {
  if (!sandbox || wanted.length === 0) return new Map();
  return sandbox.files.contents(wanted).catch(() => new Map());
}

function shortFiles(
  { world: { texts } }: LiveTrial,
  entries: readonly [path: string, entry: Json | undefined][],
): SurveyedFile[] {
  const kept = [...texts.values()].reduce((sum, text) => sum + text.length, 0);
  let left = Math.min(keptText.atOnce, keptText.trial - kept);
  const files: SurveyedFile[] = [];
  for (const [path, entry] of entries) {
    const sha256 = sha256Of(entry);
    const size = sizeOf(entry);
    if (sha256 === undefined || texts.has(sha256) || size > Math.min(keptText.file, left) || isGitsOwn(path))
      continue;
    left -= size;
    files.push({ path, size, sha256 });
    if (files.length === keptText.files) break;
  }
  return files;
}

function sizeOf(entry: Json | undefined): number {
  const { size } = mapOf(entry);
  return typeof size === 'number' ? size : 0;
}

function mapOf(entry: Json | undefined): { [name: string]: Json | undefined } {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? entry : {};
}
