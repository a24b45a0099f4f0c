import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { TraceFile } from '../trace/trace-file.ts';
import type { SearchHit, SearchResponse } from './api.ts';

const maxHits = 300;
const around = 60;
/** Lines that are searched before others are served. */
const linesAtOnce = 100;
const stored = /"sha256":"([0-9a-f]{64})"/g;

/**
 * Finds a text, whatever its case, in a trace's events and in the bodies they point to: first those of steps, in order, then
 * the others. Gives up once `signal` is aborted.
 */
export async function searchTrace(
  file: TraceFile,
  query: string,
  signal: AbortSignal,
): Promise<SearchResponse> {
  const wanted = formsOf(query.toLowerCase());
  const inSteps: SearchHit[] = [];
  const outside: SearchHit[] = [];
  for (const line of file.lines()) {
    if (signal.aborted || inSteps.length >= maxHits) break;
    if (line.number % linesAtOnce === 0) await setImmediate();
    const text = line.bytes.toString('utf8');
    const excerpt = excerptOf(text, wanted) ?? (await inBodies(text, file.bodiesDir, wanted));
    const event = excerpt === undefined ? undefined : file.eventOn(line);
    if (excerpt === undefined || !event) continue;
    const step = 'step' in event ? (event.step ?? null) : null;
    const found = step === null ? outside : inSteps;
    if (found.length < maxHits) found.push({ step, type: event.type, excerpt });
  }
  const hits = [...inSteps, ...outside].slice(0, maxHits);
  return { hits, cut: hits.length >= maxHits };
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
