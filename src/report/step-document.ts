import { createTwoFilesPatch } from 'diff';
import { textOf } from '../schema/content.ts';
import type { SideCall, TokenUsage, Wrapping } from '../schema/decision.ts';
import { parseExactly } from '../schema/exact-json.ts';
import type { Json } from '../schema/json.ts';
import type { NetworkAttempt } from '../schema/network.ts';
import type { StepLabel, StepScore, Unscored } from '../schema/score.ts';
import type { StateChange } from '../schema/state.ts';
import type { Call, ProbedAnswer, Step } from '../schema/trial.ts';
import type { ToldFinding } from '../scoring/told-by.ts';
import type { BodyReader } from '../trace/body-store.ts';

/** A call with its bodies resolved. */
export interface CallDocument {
  callId: string;
  tool: string;
  arguments: unknown;
  malformed?: string;
  /** What policy said at the time, and by which rules. */
  verdict?: string;
  rules: string[];
  /** Absent where it never returned. */
  result?: {
    source: string;
    isError: boolean;
    errorClass?: string;
    /** What came back, whole, not what the agent was shown. */
    text: string;
    truncated: boolean;
    captureCut: boolean;
    /** The agent was no longer there to read it. */
    unread?: true;
    durationMs: number;
  };
  labels: StepLabel[];
}

/** A change, with the unified diff of a file whose text was kept. */
interface DocumentedChange extends StateChange {
  diff?: string;
}

/** A step with its bodies resolved and its scores beside it. */
export interface StepDocument {
  step: number;
  startedAt: string;
  finished: boolean;
  inherited: boolean;
  text?: string;
  reasoning?: string;
  stop?: string;
  /** What wrappers around the agent did to come to the decision. */
  wrapped?: Wrapping[];
  /** The conversation in which it was decided, where that is not the agent's first. */
  conversation?: string;
  /** Model calls of its program beside the decisions. */
  side?: SideCall[];
  /** Calls of its own that nobody saw. */
  unseen?: string[];
  thoughtMs: number;
  usage?: TokenUsage;
  calls: CallDocument[];
  notice?: string;
  phi: number | Unscored;
  reached: string[];
  lost: string[];
  unanswered: string[];
  /** What the project's own probes say, by their ids. */
  probed?: Record<string, ProbedAnswer>;
  labels: StepLabel[];
  /** Worst severity of the step's findings, 0 to 5. */
  severity: number;
  findings: ToldFinding[];
  changes: DocumentedChange[];
  /** What left the sandbox or tried to, and the call that was under way. */
  attempts: (NetworkAttempt & { callId?: string })[];
  stateError?: string;
}

export function stepDocument(
  step: Step,
  bodies: BodyReader,
  score: StepScore | undefined,
  findings: ToldFinding[],
): StepDocument {
  const { text, reasoning, stop, wrapped, usage, conversation, side, unseen } = step.decision;
  return {
    step: step.index,
    startedAt: step.startedAt,
    finished: step.finished,
    inherited: step.inherited,
    ...(text !== undefined && { text: bodies.text(text) }),
    ...(reasoning !== undefined && { reasoning: bodies.text(reasoning) }),
    ...(stop && { stop }),
    ...(wrapped && { wrapped }),
    ...(conversation !== undefined && { conversation }),
    ...(side && { side }),
    ...(unseen && { unseen }),
    thoughtMs: step.thoughtMs,
    ...(usage && { usage }),
    calls: step.calls.map((call) => callDocument(call, bodies, score)),
    ...(step.notice !== undefined && { notice: step.notice }),
    phi: score?.phi ?? { unscored: 'the step was not scored' },
    reached: score?.reached ?? [],
    lost: score?.lost ?? [],
    unanswered: step.unanswered,
    ...(step.probed && { probed: step.probed }),
    labels: score?.labels ?? [],
    severity: score?.severity ?? 0,
    findings,
    changes: changesOf(step, bodies),
    attempts: step.attempts.map(({ attempt, callId }) => ({
      ...attempt,
      ...(callId !== undefined && { callId }),
    })),
    ...(step.state?.error !== undefined && { stateError: step.state.error }),
  };
}

function changesOf({ state }: Step, bodies: BodyReader): DocumentedChange[] {
  const textOf = (sha256: string) => {
    const kept = state?.contents[sha256];
    return kept === undefined ? undefined : bodies.text(kept);
  };
  return (state?.changes ?? []).map((change) => {
    const diff = fileDiff(change, textOf);
    return { ...change, ...(diff !== undefined && { diff }) };
  });
}

function callDocument(call: Call, bodies: BodyReader, score: StepScore | undefined): CallDocument {
  const { callId, tool, malformed, judged, returned } = call;
  return {
    callId,
    tool,
    arguments: parseExactly(bodies.text(call.arguments)),
    ...(malformed !== undefined && { malformed }),
    ...(judged && { verdict: judged.verdict }),
    rules: judged?.matched.map(({ rule }) => rule) ?? [],
    ...(returned && {
      result: {
        source: returned.source,
        isError: returned.isError,
        ...(returned.errorClass && { errorClass: returned.errorClass }),
        text: textOf(bodies.content(returned.content)),
        truncated: returned.truncated,
        captureCut: returned.captureCut,
        ...(call.unread && { unread: true as const }),
        durationMs: returned.durationMs,
      },
    }),
    labels: score?.calls.find((one) => one.callId === callId)?.labels ?? [],
  };
}

const context = 3;

/** The unified diff of a file that changed; undefined where its text before or after is not known. */
function fileDiff(
  { path, before, after }: StateChange,
  textOf: (sha256: string) => string | undefined,
): string | undefined {
  const [old, now] = [textOrNone(before, textOf), textOrNone(after, textOf)];
  if (old === undefined || now === undefined || old === now) return undefined;
  const patch = createTwoFilesPatch(path, path, old, now, undefined, undefined, { context });
  return patch.slice(patch.indexOf('@@')).trimEnd();
}

/** The text of a file, empty where there is no file. */
function textOrNone(
  entry: Json | undefined,
  textOf: (sha256: string) => string | undefined,
): string | undefined {
  if (entry === undefined) return '';
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  return typeof entry.sha256 === 'string' ? textOf(entry.sha256) : undefined;
}
