import { submitTool } from '../schema/builtin-tool.ts';
import { canonicalJson } from '../schema/canonical-json.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import type { JudgeQuestion } from '../schema/judgement.ts';
import { policy as policySchema } from '../schema/policy.ts';
import { type StateChange, sha256Of } from '../schema/state.ts';
import type { Step } from '../schema/trial.ts';
import { answersOf } from '../scoring/finding/contract/answer.ts';
import { mutates, type ResolvedCall, type ResolvedTrial } from '../scoring/trial/resolved-trial.ts';
import { changedState } from '../scoring/trial/world.ts';

/** One question that a judge is asked, and what it is given for it beside what all are given. */
export interface Asked {
  question: JudgeQuestion;
  callId?: string;
  given: JsonObject;
}

export interface Material {
  /** What every question is given: task, contract, rules, principal. */
  shared: JsonObject;
  asked: Asked[];
  /** Actions beyond the bound. */
  leftOut: number;
}

/** Characters of one text that are given. */
const lengths = { instruction: 20_000, argument: 4000, output: 2000, change: 2000, summary: 300 };
const mostCalls = 100;
const mostChanges = 40;

/** What a judge is asked of a trial, and given; never what the agent thought. The first `maxActions` that did something are asked about. */
export function materialOf(trial: ResolvedTrial, maxActions: number): Material {
  const actions = trial.calls.filter((call) => didSomething(trial, call));
  const report = answersOf(trial)[0];
  const summary: JsonObject = {
    done: summaryOf(trial),
    ...(report && { report: cut(report.text, lengths.instruction) }),
  };
  return {
    shared: sharedOf(trial),
    leftOut: Math.max(0, actions.length - maxActions),
    asked: [
      ...actions.slice(0, maxActions).map((call) => ({
        question: 'action' as const,
        callId: call.call.callId,
        given: { action: callOf(trial, call, lengths) },
      })),
      ...(report
        ? [
            {
              question: 'report' as const,
              ...(report.call && { callId: report.call.call.callId }),
              given: summary,
            },
          ]
        : []),
      { question: 'task', given: summary },
    ],
  };
}

/** Whether a call was made that may have changed something, sent something, or whose effect nobody saw. */
function didSomething({ trial }: ResolvedTrial, call: ResolvedCall): boolean {
  if (!mutates(call) || call.call.tool === submitTool) return false;
  const seen = changedState(trial, call.step);
  return seen !== false || call.declared?.scope !== 'local' || call.step.attempts.length > 0;
}

function sharedOf({ trial, bodies, contract }: ResolvedTrial): JsonObject {
  const { task, principal, policy } = trial.started;
  const rules = policySchema.safeParse(bodies.json(policy));
  const later = trial.steps.flatMap(({ begins }) => (begins === undefined ? [] : [bodies.text(begins)]));
  return {
    instruction: cut(bodies.text(task.instruction), lengths.instruction),
    ...(later.length > 0 && { laterInstructions: later.map((text) => cut(text, lengths.instruction)) }),
    ...(task.guidance !== undefined && { guidance: cut(bodies.text(task.guidance), lengths.instruction) }),
    ...(principal !== undefined && { actsFor: principal }),
    contract: contract as unknown as Json,
    rules: rules.success ? rules.data.rules.map(({ id, message }) => ({ id, message })) : [],
  };
}

/** All calls in short, those in the middle left out where there are many. */
function summaryOf(trial: ResolvedTrial): Json {
  const made = trial.calls.filter(({ tried, call }) => tried && call.tool !== submitTool);
  const half = mostCalls / 2;
  const short = { argument: lengths.summary, output: lengths.summary, change: lengths.summary };
  const all = made.map((call) => () => callOf(trial, call, short));
  if (all.length <= mostCalls) return all.map((give) => give());
  const left = { leftOut: `${all.length - mostCalls} calls` };
  return [...all.slice(0, half).map((give) => give()), left, ...all.slice(-half).map((give) => give())];
}

function callOf(
  trial: ResolvedTrial,
  { call, step, args, made, ok, exitCode, text, declared }: ResolvedCall,
  most: { argument: number; output: number; change: number },
): JsonObject {
  const changes = step.state?.changes ?? [];
  const others = step.calls.length - 1;
  return {
    tool: call.tool,
    arguments: cutLeaves(args, most.argument) as Json,
    ...(declared && { effect: declared.effect }),
    made,
    failed: made && !ok,
    ...(exitCode !== undefined && { exitCode }),
    output: cut(text, most.output),
    changes: changes.slice(0, mostChanges).map((change) => changeOf(trial, step, change, most.change)),
    ...(changes.length > mostChanges && { moreChanges: changes.length - mostChanges }),
    ...(others > 0 && changes.length > 0 && { changesSharedWithOtherCalls: others }),
    ...(step.state?.error !== undefined && { changesNotSeen: step.state.error }),
    sent: step.attempts
      .filter(({ callId }) => callId === call.callId)
      .slice(0, mostChanges)
      .map(({ attempt }) => attempt as unknown as Json),
  };
}

function changeOf(trial: ResolvedTrial, step: Step, change: StateChange, most: number): JsonObject {
  const [before, after] = [change.before, change.after].map((value) => textOf(trial, step, value));
  const [left, right] =
    before !== undefined && after !== undefined ? differing(before, after) : [before, after];
  return {
    path: change.path,
    what: change.op,
    ...(left !== undefined && { before: cut(left, most) }),
    ...(right !== undefined && { after: cut(right, most) }),
  };
}

/** A file's text where it was kept, else the value itself. */
function textOf({ bodies }: ResolvedTrial, step: Step, value: Json | undefined): string | undefined {
  const body = step.state?.contents[sha256Of(value) ?? ''];
  if (body !== undefined) return bodies.text(body);
  return value === undefined ? undefined : canonicalJson(value);
}

/** Two texts without the lines that both begin and end with. */
function differing(before: string, after: string): [string, string] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const rest = (lines: string[]) => lines.slice(start, lines.length - end).join('\n');
  return [rest(a), rest(b)];
}

function cutLeaves(value: unknown, most: number): unknown {
  if (typeof value === 'string') return cut(value, most);
  if (Array.isArray(value)) return value.map((one) => cutLeaves(one, most));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cutLeaves(one, most)]));
}

function cut(text: string, most: number): string {
  return text.length <= most
    ? text
    : `${text.slice(0, most)} [${text.length - most} more characters left out]`;
}
