import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SearchHit, SearchPage } from './api.ts';
import type { Place, TraceIndex } from './trace-index.ts';

const mostHits = 300;
const around = 60;
const stored = /"sha256":"([0-9a-f]{64})"/g;

/** Finds a text, whatever its case, in a trace's events and in the bodies they point to; gives up once `signal` is aborted. */
export async function searchTrace(
  index: TraceIndex,
  bodiesDir: string,
  query: string,
  signal: AbortSignal,
): Promise<SearchPage> {
  const wanted = formsOf(query.toLowerCase());
  const hits: SearchHit[] = [];
  const file = await open(index.log);
  try {
    for (const { step, place } of placesOf(index)) {
      if (signal.aborted || hits.length >= mostHits) break;
      const line = await lineAt(file, place);
      const excerpt = excerptOf(line, wanted) ?? (await inBodies(line, bodiesDir, wanted));
      if (excerpt !== undefined) hits.push({ step, type: typeOf(line), excerpt });
    }
  } finally {
    await file.close();
  }
  return { hits, cut: hits.length >= mostHits };
}

function* placesOf(index: TraceIndex): Generator<{ step: number | null; place: Place }> {
  for (const { step } of index.rows) for (const place of index.placesOf(step)) yield { step, place };
  for (const place of index.outside) yield { step: null, place };
}

async function lineAt(file: FileHandle, { offset, length }: Place): Promise<string> {
  const line = Buffer.allocUnsafe(length);
  await file.read(line, 0, length, offset);
  return line.toString('utf8');
}

/** The same text stands in a decision and in the call it led to: it is enough to find it in either. */
async function inBodies(line: string, dir: string, wanted: readonly string[]): Promise<string | undefined> {
  for (const [, sha256] of line.matchAll(stored)) {
    const text = await readFile(join(dir, sha256 ?? ''), 'utf8').catch(() => '');
    const excerpt = excerptOf(text, wanted);
    if (excerpt !== undefined) return excerpt;
  }
  return undefined;
}

function excerptOf(text: string, wanted: readonly string[]): string | undefined {
  const lower = text.toLowerCase();
  for (const form of wanted) {
    const at = lower.indexOf(form);
    if (at >= 0) return text.slice(Math.max(0, at - around), at + form.length + around);
  }
  return undefined;
}

/** A text as it stands in a body, in an event, and in the JSON of an argument in an event. */
function formsOf(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [...new Set([text, once, JSON.stringify(once).slice(1, -1)])];
}

function typeOf(line: string): string {
  return /"type":"([a-z.]+)"/.exec(line)?.[1] ?? '';
}
