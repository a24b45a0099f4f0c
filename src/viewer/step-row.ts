import { createHash } from 'node:crypto';
import type { Body } from '../schema/body.ts';
import { parseExactly } from '../schema/exact-json.ts';
import type { StepScore } from '../schema/score.ts';
import type { Call, Step } from '../schema/trial.ts';
import type { CallRow, StepRow } from './api.ts';

const briefLength = 96;
const maxChanges = 3;

/** A step as one line of the list; `began` is when the trial did, in milliseconds since 1970. */
export function stepRow(step: Step, began: number): StepRow {
  const { decision, thoughtMs, calls, state } = step;
  const { usage, text } = decision;
  const started = Date.parse(step.startedAt) - began;
  const from = step.asked ? started : Math.max(0, started - thoughtMs);
  const changes = state?.changes ?? [];
  return {
    step: step.index,
    from,
    to: Math.max(from + thoughtMs, ...timesIn(step).map((at) => Date.parse(at) - began)),
    modelMs: thoughtMs,
    toolMs: calls.reduce((sum, { returned }) => sum + (returned?.durationMs ?? 0), 0),
    tokens: usage ? usage.input + usage.output : 0,
    costUsd: decision.costUsd ?? 0,
    say: text === undefined ? '' : beginning(text),
    calls: calls.map(callRow),
    changed: changes.length,
    changes: changes.slice(0, maxChanges).map(({ op, path }) => ({ op, path: beginning(path) })),
    finished: step.finished,
    inherited: step.inherited,
    labels: [],
    severity: 0,
    findings: 0,
    reached: [],
    lost: [],
  };
}

/** When its events were written, ISO 8601. */
function timesIn({ calls, attempts, finishedAt }: Step): string[] {
  const events = calls.flatMap(({ judged, called, returned }) => [judged, called, returned]);
  const times = [...events, ...attempts].flatMap((event) => (event ? [event.at] : []));
  return finishedAt === undefined ? times : [...times, finishedAt];
}

/** A line with what was judged of its step. */
export function judgedRow(row: StepRow, score: StepScore | undefined, findings: number): StepRow {
  if (!score) return row;
  const { labels, severity, reached, lost } = score;
  const calls = row.calls.map((call) => ({
    ...call,
    labels: score.calls.find(({ callId }) => callId === call.callId)?.labels ?? [],
  }));
  return { ...row, calls, labels, severity, reached, lost, findings };
}

function callRow({ callId, tool, arguments: args, judged, returned }: Call): CallRow {
  const said = typeof args === 'string' ? args : args.sha256;
  const question = createHash('sha256').update(`${tool} ${said}`).digest('hex').slice(0, 12);
  return {
    callId,
    tool,
    brief: briefOf(args),
    question,
    isError: returned?.isError ?? false,
    toolMs: returned?.durationMs ?? 0,
    labels: [],
    ...(judged && { verdict: judged.verdict }),
    ...(returned && { answer: returned.digest.slice(0, 12), source: returned.source }),
  };
}

/** The values of the arguments, without the names and the braces around them. */
function briefOf(args: Body): string {
  if (typeof args !== 'string') return beginning(args);
  try {
    const values = Object.values(parseExactly(args) as object);
    return beginning(
      values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' '),
    );
  } catch {
    return beginning(args);
  }
}

function beginning(body: Body): string {
  if (typeof body !== 'string') return `(${body.bytes} bytes)`;
  const head = body.slice(0, 4 * briefLength);
  return head.replace(/\s+/g, ' ').slice(0, briefLength);
}
