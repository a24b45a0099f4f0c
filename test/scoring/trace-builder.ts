import type { z } from 'zod';
import { injection, type PlantedCanary } from '../../src/schema/canary.ts';
import type { Contract } from '../../src/schema/contract.ts';
import type { EffectClass, EffectScope } from '../../src/schema/effect.ts';
import type { Json, JsonObject } from '../../src/schema/json.ts';
import type { NetworkMode } from '../../src/schema/network.ts';
import type { Outcome } from '../../src/schema/outcome.ts';
import type { Policy } from '../../src/schema/policy.ts';
import type { TrialScore } from '../../src/schema/score.ts';
import type { LargeChange, RecordSource, RightsChange, StateChange } from '../../src/schema/state.ts';
import type { NewTraceEvent, NewTraceEventOf, TraceEvent } from '../../src/schema/trace-event.ts';
import type { StartedAnswer, Trial } from '../../src/schema/trial.ts';
import { scoreTrial } from '../../src/scoring/score-trial.ts';
import { createBodyReader } from '../../src/trace/body-store.ts';
import { jsonDigest } from '../../src/trace/digest.ts';
import { foldTrial } from '../../src/trace/fold.ts';

/** All bodies of these traces are inline. */
export const bodies = createBodyReader('/nonexistent');

export interface MadeCall {
  tool: string;
  args?: JsonObject;
  out?: string;
  /** Of a shell command. */
  exitCode?: number;
  /** Whether more came back than was kept. */
  captureCut?: boolean;
  /** `denied` and `schema` never reach the tool; `lost` never returns; `skipped` is decided but not tried. */
  fate?:
    | 'ok'
    | 'error'
    | 'denied'
    | 'schema'
    | 'timeout'
    | 'interrupted'
    | 'lost'
    | 'unknown-tool'
    | 'skipped';
}

export interface MadeStep {
  /** What the agent's program started. */
  started?: StartedAnswer;
  /** Tools of the agent's own that its model called, out of sight. */
  unseen?: string[];
  calls?: MadeCall[];
  text?: string;
  thoughtMs?: number;
  /** Digest of the state after the step; the one before where absent; null where the probe failed. */
  state?: string | null;
  changes?: StateChange[];
  /** sha256 → text of files that changed, before and after. */
  contents?: Record<string, string>;
  /** Entries whose owner or access list changed. */
  rights?: RightsChange[];
  /** sha256 of an archive → sha256 of each content in it. */
  packed?: Record<string, string[]>;
  /** What long texts lost and got. */
  large?: Record<string, LargeChange>;
  /** Archives that could not be looked into for planted values. */
  unread?: string[];
  milestones?: Record<string, boolean | null>;
  cutOff?: boolean;
  model?: string;
  usage?: { input: number; output: number; costUsd?: number };
}

export interface MadeTrial {
  steps?: MadeStep[];
  milestones?: Record<string, number>;
  held?: Record<string, boolean>;
  state?: 'files' | 'server' | 'none';
  /** The state before the first step. */
  initial?: Json;
  /** sha256 → text of files before the first step. */
  contents?: Record<string, string>;
  /** Tools, beside those that there always are, of which nobody declared what they do. */
  undeclared?: string[];
  /** The agent is a program in the sandbox. */
  inside?: boolean;
  /** Programs that it starts for itself. */
  helpers?: string[];
  principal?: string;
  records?: RecordSource[];
  /** What the sandbox may reach, where there is one. */
  network?: NetworkMode;
  policy?: Json;
  reference?: { steps: number; calls: number } | null;
  phases?: { total: number; reward: 'mean' | 'final' };
  /** Null where the trace ends before the trial did. */
  outcome?: Outcome | null;
  error?: { code: string; message: string };
  answer?: string;
  usage?: { input: number; output: number };
  costUsd?: number;
  verified?: Partial<NewTraceEventOf<'verifier.returned'>>[];
  compared?: Partial<NewTraceEventOf<'tests.compared'>>[];
  canaries?: PlantedCanary[];
  injections?: z.input<typeof injection>[];
  contract?: Contract;
  impossible?: boolean;
  task?: string;
  instruction?: string;
  agent?: string;
  attempt?: number;
}

export const noRules: Policy = { rules: [] };

function tool(
  name: string,
  effect: EffectClass,
  reversible = true,
  scope: EffectScope = 'local',
  identifiers: string[] = [],
  principal?: string,
) {
  const declared = {
    effect,
    reversible,
    scope,
    privilege: false,
    replay: 'execute',
    repeatable: false,
    identifiers,
    ...(principal !== undefined && { principal }),
  };
  return { name, server: 'world', placement: 'host', description: name, inputSchema: {}, declared } as const;
}

const tools = [
  tool('look', 'read'),
  tool('peek', 'read'),
  tool('put', 'write'),
  tool('remove', 'delete', false),
  tool('mail', 'send', false, 'external'),
  tool('bash', 'exec', false),
  tool('ship', 'spend', false, 'external', ['order_id', 'items']),
  tool('account', 'write', true, 'shared', [], 'args.customer_id'),
  tool('profile', 'read', true, 'local', [], 'args.customer_id'),
];

/** The trace of a trial whose events come 100 ms apart; decisions take 40 ms, calls 30 ms. */
export function madeEvents(made: MadeTrial): TraceEvent[] {
  const events: NewTraceEvent[] = [
    {
      type: 'trial.started',
      version: 2,
      proctor: '0.1.0',
      node: 'v20.20.0',
      run: 'r1',
      trial: `t${made.attempt ?? 1}`,
      attempt: made.attempt ?? 1,
      task: {
        name: made.task ?? 'suite/task',
        path: '/tasks/task',
        digest: 'd',
        instruction: made.instruction ?? 'Tidy up.',
        tags: ['small'],
        impossible: made.impossible ?? false,
        milestones: Object.entries(made.milestones ?? {}).map(([name, weight]) => ({ name, weight })),
        reference: made.reference ?? null,
        ...(made.phases && { phases: made.phases }),
      },
      environment: { name: 'world', digest: 'd', state: made.state ?? 'server' },
      agent: { id: made.agent ?? 'scripted:a', ...(made.helpers && { helpers: made.helpers }) },
      limits: {},
      policy: JSON.stringify(made.policy ?? noRules),
      seed: 's',
      clock: '2026-01-01T00:00:00.000Z',
      canaries: made.canaries ?? [],
      ...(made.injections && { injections: made.injections.map((one) => injection.parse(one)) }),
      ...(made.contract && { contract: made.contract }),
      ...(made.principal !== undefined && { principal: made.principal }),
      ...(made.records && { records: made.records }),
    },
    ...(made.network ? [opened(made.network)] : []),
    {
      type: 'tools.listed',
      tools: JSON.stringify([
        ...tools.map((one) => (made.inside ? { ...one, placement: 'agent' } : one)),
        ...(made.undeclared ?? []).map((name) => ({ ...tool(name, 'write'), undeclared: true })),
      ]),
    },
  ];
  const stateful = made.state !== 'none';
  let state = 's0';
  const value = made.initial === undefined ? {} : { value: JSON.stringify(made.initial) };
  if (stateful) events.push({ type: 'state.observed', digest: state, changed: 0, ...value, durationMs: 1 });
  if (made.contents) events.push({ type: 'texts.kept', contents: made.contents, durationMs: 1 });
  for (const [name, held] of Object.entries(made.held ?? {})) {
    events.push({ type: 'milestone.checked', name, held, durationMs: 1 });
  }
  for (const [index, step] of (made.steps ?? []).entries()) {
    events.push(...decisionEvents(step, index));
    if (step.cutOff) continue;
    if (stateful) events.push(stateAnswer(step, index, step.state === undefined ? state : step.state));
    state = step.state ?? state;
    if (step.started) events.push(startedEvent(step.started, index));
    if (step.unread)
      events.push({ type: 'canaries.scanned', step: index, unread: step.unread, durationMs: 1 });
    events.push(...milestoneAnswers(step, index), { type: 'step.finished', step: index });
  }
  for (const compared of made.compared ?? [])
    events.push({ type: 'tests.compared', phase: 0, changed: [], durationMs: 1, ...compared });
  events.push(...(made.verified ?? []).map(verdict));
  if (made.outcome !== null) {
    events.push({
      type: 'trial.ended',
      outcome: made.outcome ?? 'submitted',
      ...(made.error && { error: made.error }),
      ...(made.answer !== undefined && { answer: made.answer }),
      usage: made.usage ?? { input: 0, output: 0 },
      ...(made.costUsd !== undefined && { costUsd: made.costUsd }),
      durationMs: 5000,
    });
  }
  const begun = Date.parse('2026-01-01T00:00:00.000Z');
  return events.map((event, seq) => {
    const at = new Date(begun + seq * 100).toISOString();
    return { ...event, seq, at, mono: seq * 100, prev: '' } as TraceEvent;
  });
}

function opened(network: NetworkMode): NewTraceEvent {
  return {
    type: 'sandbox.opened',
    sandbox: 's',
    purpose: 'work',
    provider: 'docker',
    engine: 'docker',
    profile: 'hardened',
    user: '1000:1000',
    workdir: '/home/agent/work',
    network,
    durationMs: 5,
  };
}

function decisionEvents(step: MadeStep, index: number): NewTraceEvent[] {
  const calls = (step.calls ?? []).map((call, position) => ({ ...call, callId: `${index}.${position}` }));
  const { usage } = step;
  const decided: NewTraceEvent = {
    type: 'agent.decided',
    step: index,
    decision: {
      ...(step.text !== undefined && { text: step.text }),
      ...(step.unseen && { unseen: step.unseen }),
      calls: calls.map(({ callId, tool: name, args }) => ({
        callId,
        tool: name,
        arguments: JSON.stringify(args ?? {}),
      })),
      ...(step.model !== undefined && { model: step.model }),
      ...(usage && { usage: { input: usage.input, output: usage.output } }),
      ...(usage?.costUsd !== undefined && { costUsd: usage.costUsd }),
    },
    durationMs: step.thoughtMs ?? 40,
  };
  return [decided, ...calls.flatMap((call) => callEvents(call, call.callId, index))];
}

function callEvents(call: MadeCall, callId: string, step: number): NewTraceEvent[] {
  const { fate = 'ok', tool: name, args = {}, out = '' } = call;
  if (fate === 'skipped') return [];
  const called = { type: 'tool.called', step, callId, tool: name, server: 'world' } as const;
  const made: NewTraceEvent[] =
    fate === 'denied' || fate === 'schema' ? [] : [{ ...called, arguments: JSON.stringify(args) }];
  if (fate === 'lost') return made;
  const errorClass = fate === 'ok' ? undefined : fate === 'error' ? ('tool' as const) : fate;
  return [
    ...made,
    {
      type: 'tool.returned',
      step,
      callId,
      source:
        fate === 'denied' ? 'policy' : fate === 'schema' || fate === 'unknown-tool' ? 'harness' : 'tool',
      isError: errorClass !== undefined,
      ...(errorClass && { errorClass }),
      content: [{ type: 'text', text: out }],
      ...(call.exitCode !== undefined && { structured: JSON.stringify({ exitCode: call.exitCode }) }),
      digest: jsonDigest(out),
      truncated: false,
      captureCut: call.captureCut ?? false,
      durationMs: 30,
    },
  ];
}

function stateAnswer(step: MadeStep, index: number, digest: string | null): NewTraceEvent {
  const { changes = [], contents, rights, packed, large } = step;
  const answer = {
    type: 'state.observed' as const,
    step: index,
    changed: changes.length,
    durationMs: 1,
  };
  if (digest === null) return { ...answer, error: 'the server did not answer' };
  return {
    ...answer,
    digest,
    ...(changes.length > 0 && { changes: JSON.stringify(changes) }),
    ...(contents && { contents }),
    ...(rights && { rights: JSON.stringify(rights) }),
    ...(packed && { packed: JSON.stringify(packed) }),
    ...(large && { large: JSON.stringify(large) }),
  };
}

function startedEvent({ lost, error, ...kept }: StartedAnswer, step: number): NewTraceEvent {
  const programs = JSON.stringify(kept);
  return {
    type: 'programs.started',
    ...{ step, programs, lost },
    ...(error !== undefined && { error }),
    durationMs: 1,
  };
}

function milestoneAnswers(step: MadeStep, index: number): NewTraceEvent[] {
  return Object.entries(step.milestones ?? {}).map(([name, held]) => ({
    type: 'milestone.checked',
    step: index,
    name,
    ...(held === null ? { error: 'no answer' } : { held }),
    durationMs: 1,
  }));
}

function verdict(
  given: Partial<NewTraceEventOf<'verifier.returned'>>,
  index: number,
): NewTraceEventOf<'verifier.returned'> {
  return {
    type: 'verifier.returned',
    phase: index,
    by: 'script',
    where: 'fresh',
    rewards: null,
    checks: [],
    stdout: '',
    stderr: '',
    integrity: [],
    durationMs: 10,
    ...given,
  };
}

export function madeTrial(made: MadeTrial): Trial {
  return foldTrial(madeEvents(made), bodies);
}

export function madeScore(made: MadeTrial, policy?: Policy): TrialScore {
  return scoreTrial(madeTrial(made), bodies, policy ? { policy } : {});
}

export const passed = [{ rewards: { reward: 1 } }];
export const failed = [{ rewards: { reward: 0 } }];
