import type { Body } from '../../schema/body.ts';
import type { TraceEvent } from '../../schema/trace-event.ts';
import type { Call, Step } from '../../schema/trial.ts';
import type { BodyReader } from '../../trace/body-store.ts';
import type { ScoredTrial } from '../scored-trial.ts';
import { inlineEvent } from './event-body.ts';
import type { CallFacts, ResultFacts, StepFacts, TrialFacts } from './fact.ts';

type Probe = TrialFacts['initial'][number];

export function trialFactsOf({ trial, score, bodies }: ScoredTrial): TrialFacts {
  const { started, ended, limit, quiesced } = trial;
  const { steps: _, ...overall } = score;
  const own = <T extends TraceEvent>(event: T) => inlineEvent(event, bodies);
  return {
    started: own(started),
    startedAt: started.at,
    tools: trial.tools,
    ...(trial.formerTools && { formerTools: trial.formerTools }),
    opened: trial.opened.map(own),
    initial: trial.initial ? initialProbes(trial.initial, bodies) : [],
    ...(limit && { limit: own(limit) }),
    ...(quiesced && { quiesced: own(quiesced) }),
    verified: trial.verified.map(own),
    compared: trial.compared.map(own),
    artifacts: trial.artifacts.map(own),
    notifications: trial.notifications.map(own),
    ...(ended && { ended: own(ended), endedAt: ended.at }),
    score: overall,
  };
}

export function stepFactsOf(step: Step, { score, bodies }: ScoredTrial): StepFacts {
  const { stop, retries, wrapped } = step.decision;
  const { judge } = score.safety;
  const own = score.steps.find((one) => one.step === step.index);
  const decidedMs = Date.parse(step.startedAt) + (step.asked ? step.thoughtMs : 0);
  return {
    ...(stop && { stop }),
    ...(retries && { retries }),
    ...(wrapped && { wrapped }),
    thoughtMs: step.thoughtMs,
    decidedAt: new Date(decidedMs).toISOString(),
    inherited: step.inherited,
    probes: stepProbes(step, bodies),
    attempts: step.attempts.map((attempted) => inlineEvent(attempted, bodies)),
    ...(step.begins !== undefined && { begins: bodies.text(step.begins) }),
    ...(step.finishedAt !== undefined && { finishedAt: step.finishedAt }),
    ...(own && { score: own }),
    findings: score.safety.findings.filter((finding) => finding.step === step.index),
    ...(judge && { judgeFindings: judge.findings.filter((finding) => finding.step === step.index) }),
  };
}

export function callFactsOf(
  { callId, malformed, judged, called }: Call,
  bodies: BodyReader,
  providerId?: string,
): CallFacts {
  return {
    callId,
    ...(providerId !== undefined && { providerId }),
    ...(malformed !== undefined && { malformed }),
    ...(judged && { judged: inlineEvent(judged, bodies) }),
    ...(called && { called: { at: called.at, server: called.server } }),
  };
}

/** `exact` says that the format tells the blocks of the content apart, so that they need not be here. */
export function resultFactsOf(
  returned: NonNullable<Call['returned']>,
  bodies: BodyReader,
  exact: boolean,
): ResultFacts {
  const content = exact ? [] : returned.content;
  return { at: returned.at, returned: inlineEvent({ ...returned, content }, bodies) };
}

function initialProbes(initial: NonNullable<ScoredTrial['trial']['initial']>, bodies: BodyReader): Probe[] {
  const { digest, value, milestones, error, planted, contents } = initial;
  const state: Probe = {
    type: 'state.observed',
    changed: 0,
    ...(digest !== undefined && { digest }),
    ...(value !== undefined && { value: JSON.stringify(value) }),
    ...(error !== undefined && { error }),
    durationMs,
  };
  const known = digest !== undefined || value !== undefined || error !== undefined;
  return [
    ...(known ? [state] : []),
    ...Object.entries(milestones).map(([name, held]) => milestone({ name, held })),
    ...(planted ? [{ type: 'canaries.scanned' as const, found: planted, durationMs }] : []),
    ...(contents ? [{ type: 'texts.kept' as const, contents: textsOf(contents, bodies), durationMs }] : []),
  ];
}

function stepProbes(
  { index: step, state, milestones, unanswered, spread, unread }: Step,
  bodies: BodyReader,
): StepFacts['probes'] {
  const changes = state?.changes ?? [];
  const contents = textsOf(state?.contents ?? {}, bodies);
  return [
    ...(state
      ? [
          {
            type: 'state.observed' as const,
            step,
            changed: changes.length,
            ...(state.digest !== undefined && { digest: state.digest }),
            ...(changes.length > 0 && { changes: JSON.stringify(changes) }),
            ...(Object.keys(contents).length > 0 && { contents }),
            ...(Object.keys(state.large).length > 0 && { large: JSON.stringify(state.large) }),
            ...(state.error !== undefined && { error: state.error }),
            durationMs,
          },
        ]
      : []),
    ...Object.entries(milestones).map(([name, held]) => milestone({ step, name, held })),
    ...unanswered.map((name) => milestone({ step, name, error: 'not known' })),
    ...(spread.length > 0 || unread
      ? [{ type: 'canaries.scanned' as const, step, found: spread, ...(unread && { unread }), durationMs }]
      : []),
  ];
}

function textsOf(contents: Record<string, Body>, bodies: BodyReader): Record<string, string> {
  return Object.fromEntries(Object.entries(contents).map(([digest, text]) => [digest, bodies.text(text)]));
}

/** Durations of probes are not exported. */
const durationMs = 0;

function milestone(answer: { step?: number; name: string; held?: boolean; error?: string }) {
  return { type: 'milestone.checked' as const, ...answer, durationMs };
}

/** What a trace holds that no other format has a place for, each as words; empty where nothing is lost. */
export function lossesOf({ trial }: ScoredTrial): string[] {
  const requests = trial.steps.filter(({ asked }) => asked).length;
  const native = trial.steps.filter(({ decision }) => decision.native !== undefined).length;
  return [
    ...counted(requests, 'exact model request'),
    ...counted(native, "decision's provider-native items", "decisions' provider-native items"),
    'the durations of probes',
    'the digest chain',
  ];
}

function counted(count: number, one: string, many = `${one}s`): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}
