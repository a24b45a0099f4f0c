import { createHash } from 'node:crypto';
import type { Body } from '../schema/body.ts';
import type { StepScore } from '../schema/score.ts';
import type { TraceEvent, TraceEventOf } from '../schema/trace-event.ts';
import type { CallRow, StepRow } from './api.ts';

const briefLength = 96;
const mostChanges = 3;

/** Grows the lines of the list of steps, event by event. */
export interface StepRows {
  readonly rows: StepRow[];
  add(event: TraceEvent): void;
}

export function createStepRows(): StepRows {
  const rows: StepRow[] = [];
  let askedAt: number | undefined;

  function add(event: TraceEvent): void {
    if (event.type === 'agent.asked') askedAt = event.mono;
    if (event.type === 'agent.decided') {
      rows.push(rowOf(event, askedAt));
      askedAt = undefined;
      return;
    }
    if (!('step' in event) || event.step === undefined) return;
    const row = rows[rows.length - 1]?.step === event.step ? rows.at(-1) : rows.at(-2);
    if (row?.step === event.step) addToRow(row, event);
  }

  return { rows, add };
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

function rowOf(event: TraceEventOf<'agent.decided'>, askedAt: number | undefined): StepRow {
  const { decision, durationMs, mono, step } = event;
  const { usage, text } = decision;
  return {
    step,
    from: askedAt ?? Math.max(0, mono - durationMs),
    to: mono,
    modelMs: durationMs,
    toolMs: 0,
    tokens: usage ? usage.input + usage.output : 0,
    costUsd: decision.costUsd ?? 0,
    say: text === undefined ? '' : beginning(text),
    calls: decision.calls.map(({ callId, tool, arguments: args }) => callRow(callId, tool, args)),
    changed: 0,
    changes: [],
    finished: false,
    inherited: event.inherited === true,
    labels: [],
    severity: 0,
    findings: 0,
    reached: [],
    lost: [],
  };
}

function addToRow(row: StepRow, event: TraceEvent): void {
  row.to = Math.max(row.to, event.mono);
  switch (event.type) {
    case 'tool.called':
      callOf(row, event);
      return;
    case 'policy.judged':
      callOf(row, event).verdict = event.verdict;
      return;
    case 'tool.returned':
      addReturn(row, event);
      return;
    case 'state.observed':
      row.changed += event.changed;
      if (event.changes !== undefined) row.changes = firstChanges(event.changes);
      return;
    case 'step.finished':
      row.finished = true;
  }
}

function addReturn(row: StepRow, event: TraceEventOf<'tool.returned'>): void {
  const call = callOf(row, event);
  call.answer = event.digest.slice(0, 12);
  call.isError = event.isError;
  call.source = event.source;
  call.toolMs = event.durationMs;
  row.toolMs += event.durationMs;
}

function firstChanges(changes: Body): StepRow['changes'] {
  if (typeof changes !== 'string') return [];
  const all = JSON.parse(changes) as StepRow['changes'];
  return all.slice(0, mostChanges).map(({ op, path }) => ({ op, path: beginning(path) }));
}

/** The call an event belongs to; one that nobody decided is added. */
function callOf(row: StepRow, event: { callId: string; tool?: string; arguments?: Body }): CallRow {
  const known = row.calls.find(({ callId }) => callId === event.callId);
  if (known) return known;
  const call = callRow(event.callId, event.tool ?? '', event.arguments ?? '{}');
  row.calls.push(call);
  return call;
}

function callRow(callId: string, tool: string, args: Body): CallRow {
  const said = typeof args === 'string' ? args : args.sha256;
  const question = createHash('sha256').update(`${tool} ${said}`).digest('hex').slice(0, 12);
  return { callId, tool, brief: briefOf(args), question, isError: false, toolMs: 0, labels: [] };
}

/** The values of the arguments, without the names and the braces around them. */
function briefOf(args: Body): string {
  if (typeof args !== 'string') return beginning(args);
  try {
    const values = Object.values(JSON.parse(args) as object);
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
