import { z } from 'zod';
import { base64Body, body } from './body.ts';
import { foundCanary } from './canary.ts';
import { content } from './content.ts';
import { storedDecision, tokenUsage } from './decision.ts';
import { toolEffect } from './effect.ts';
import { networkAttempt, networkMode } from './network.ts';
import { outcome } from './outcome.ts';
import { policyDecision } from './policy.ts';
import { started } from './trial-started.ts';

const step = z.int().nonnegative();
const callId = z.string();
const ms = z.number().nonnegative();
const digest = z.string();

/** What all probes' events have. */
const observed = {
  /** Absent before the first step. */
  step: step.optional(),
  /** Why there is no answer. */
  error: z.string().optional(),
  durationMs: ms,
};

/** A tool as the agent sees it, and what is declared of it. */
export const listedTool = z.strictObject({
  name: z.string(),
  server: z.string(),
  /** `agent`: the agent has it by itself and makes its calls. */
  placement: z.enum(['builtin', 'host', 'sandbox', 'remote', 'agent']),
  description: z.string(),
  inputSchema: z.record(z.string(), z.json()),
  annotations: z.record(z.string(), z.json()).optional(),
  declared: toolEffect,
  /** Nobody declared what it does; `declared` is what the harness went by. Absent where somebody did, and in old imports. */
  undeclared: z.boolean().optional(),
});
export type ListedTool = z.infer<typeof listedTool>;

/** How the tests of the contract went. */
const testRun = z.strictObject({
  exitCode: z.int(),
  timedOut: z.boolean(),
  /** Where the summary of a known runner tells. */
  passed: z.int().nonnegative().optional(),
  failed: z.int().nonnegative().optional(),
  /** The end of what the command printed. */
  output: body,
});

/** Type → the fields of its events. */
const fields = {
  'trial.started': started,
  'state.entered': { state: z.string(), phase: z.int().nonnegative() },
  'sandbox.opened': {
    sandbox: z.string(),
    purpose: z.enum(['work', 'verify']),
    provider: z.string(),
    engine: z.string(),
    profile: z.string(),
    imageId: z.string().optional(),
    /** What the image was built from, reference → content id; absent where it was not built here. */
    bases: z.record(z.string(), z.string()).optional(),
    user: z.string(),
    workdir: z.string(),
    /** What it may reach. */
    network: networkMode,
    durationMs: ms,
  },
  'tools.listed': {
    /** The step whose decision sees them first; absent for those at the start. */
    step: step.optional(),
    tools: body,
  },
  'agent.asked': {
    step,
    /** JSON of the request: everything on the first time, later what was appended to the messages since. */
    request: body,
    appended: z.boolean(),
    /** Which of its conversations it goes on with, where a program asks for itself. */
    conversation: z.string().optional(),
    /** What the conversation is for, where it is not the one that the decisions are made in, such as `title`. */
    side: z.string().optional(),
  },
  'agent.answered': {
    step,
    /** Of the `agent.asked` before it. */
    conversation: z.string(),
    side: z.string().optional(),
    /** How the program and the model speak with each other, and where it asked, such as `/chat/completions`. */
    dialect: z.enum(['chat', 'responses', 'messages']),
    path: z.string(),
    /** sha256 of the request's JSON, as the model got it. */
    request: digest,
    /** The answer as it came, whole; the program may have been given another one, where calls were denied. */
    status: z.int(),
    contentType: z.string(),
    answer: body,
  },
  'agent.decided': {
    step,
    decision: storedDecision,
    /** The agent's own time. */
    durationMs: ms,
    /** What the harness waited for the endpoint beside it. */
    waitedMs: ms.optional(),
  },
  'policy.judged': {
    step,
    callId,
    verdict: z.enum(['allow', ...policyDecision.options]),
    matched: z.array(
      z.strictObject({
        rule: z.string(),
        decision: policyDecision,
        message: z.string(),
        evidence: z.string(),
      }),
    ),
    /** Rules that could not be evaluated; never taken as safe. */
    failed: z.array(z.strictObject({ rule: z.string(), reason: z.string() })),
  },
  'tool.called': {
    step,
    callId,
    tool: z.string(),
    server: z.string(),
    arguments: body,
  },
  'tool.returned': {
    step,
    callId,
    /** Who answered: the tool, policy (denied), the harness (unknown tool, bad arguments), a record (replay), an agent that made the call itself. */
    source: z.enum(['tool', 'policy', 'harness', 'record', 'agent']),
    isError: z.boolean(),
    errorClass: z
      .enum(['schema', 'unknown-tool', 'denied', 'tool', 'timeout', 'server-gone', 'interrupted'])
      .optional(),
    /** What came back, whole. */
    content: z.array(content),
    structured: body.optional(),
    /** sha256 over what came back. */
    digest,
    /** What the agent was shown, where that is not `content`. */
    shown: z.array(content).optional(),
    truncated: z.boolean(),
    captureCut: z.boolean(),
    durationMs: ms,
  },
  'server.notified': {
    step: step.optional(),
    server: z.string(),
    method: z.string(),
    params: body,
  },
  'state.observed': {
    ...observed,
    /** Of the state, times left out. */
    digest: digest.optional(),
    /** JSON of the state; given the first time only. */
    value: body.optional(),
    /** JSON of the changes since it was observed before; absent where there are none. */
    changes: body.optional(),
    changed: z.int().nonnegative(),
    /** sha256 → text of changed files, before and after, as far as they were short enough to keep. */
    contents: z.record(digest, body).optional(),
    /** JSON of the entries whose owner or access list changed, where the sandbox has any; absent where none did. */
    rights: body.optional(),
    /** JSON of what archives hold that the step made: sha256 of the archive → sha256 of each content in it. */
    packed: body.optional(),
    /** JSON of what is gone from long texts that were changed in place, and new in them, by path; absent where none were. */
    large: body.optional(),
  },
  'milestone.checked': {
    ...observed,
    name: z.string(),
    /** Absent where it could not be checked. */
    held: z.boolean().optional(),
  },
  'world.probed': {
    ...observed,
    /** The id of a project's own probe. */
    probe: z.string(),
    /** JSON of what it says. */
    answer: body.optional(),
  },
  'canaries.scanned': {
    ...observed,
    /** Where the step left planted values in files; before the first, where they were planted. */
    found: z.array(foundCanary).optional(),
    /** Paths of archives that the step left and that could not be wholly looked into; absent where there are none. */
    unread: z.array(z.string()).optional(),
  },
  'texts.kept': {
    /** sha256 → text of the task's files before the first step, as far as they were short enough to keep. */
    contents: z.record(digest, body),
    durationMs: ms,
  },
  'step.finished': { step, notice: z.string().optional() },
  'limit.reached': {
    step: step.optional(),
    limit: z.string(),
    value: z.number(),
    max: z.number(),
  },
  'verifier.returned': {
    phase: z.int().nonnegative(),
    by: z.enum(['script', 'state', 'answer']),
    where: z.enum(['fresh', 'live', 'record']),
    /** Several keys are kept; `reward` is the one that counts, or their mean where it is missing. */
    rewards: z.record(z.string(), z.number()).nullable(),
    checks: z.array(
      z.strictObject({
        name: z.string(),
        passed: z.boolean(),
        weight: z.number(),
        detail: z.string().optional(),
      }),
    ),
    stdout: body,
    stderr: body,
    exitCode: z.int().optional(),
    /** Why there is no reward. */
    error: z
      .strictObject({ code: z.string(), message: z.string(), fault: z.enum(['harness', 'agent']) })
      .optional(),
    integrity: z.array(z.string()),
    /** What the same tests gave once the processes that had been spared were killed. */
    withoutProcesses: z.record(z.string(), z.number()).nullable().optional(),
    /** The test runner's own report, in the Common Test Report Format. */
    ctrf: body.optional(),
    durationMs: ms,
  },
  'tests.compared': {
    phase: z.int().nonnegative(),
    /** Paths of tests that are not as they were given. */
    changed: z.array(z.string()),
    /** Over the work that was left, with the tests as the agent left them, and as they were given; absent where none changed. */
    asLeft: testRun.optional(),
    asGiven: testRun.optional(),
    /** Why they could not be run. */
    error: z.string().optional(),
    durationMs: ms,
  },
  'trial.ended': {
    outcome,
    error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
    answer: body.optional(),
    usage: tokenUsage,
    costUsd: z.number().nonnegative().optional(),
    durationMs: ms,
  },
  'sandbox.quiesced': {
    sandbox: z.string(),
    /** Processes that had outlived their commands when the agent was done, and the names of some. */
    count: z.int().nonnegative(),
    processes: z.array(z.string()),
    /** Whether they were let live until the tests were through. */
    spared: z.boolean().optional(),
    /** How often its memory or its processes were at their limit; absent where that is not counted. */
    oomKills: z.int().nonnegative().optional(),
    pidsRefused: z.int().nonnegative().optional(),
  },
  'service.failed': {
    /** Absent before the first step. */
    step: step.optional(),
    service: z.string(),
    /** Such as "ended" or "is unhealthy". */
    what: z.string(),
    exitCode: z.int().optional(),
    /** The last lines that it had printed. */
    log: body,
  },
  'phase.started': {
    /** From 1: the first one begins with the trial. */
    phase: z.int().positive(),
    name: z.string().optional(),
    instruction: body,
  },
  'artifact.collected': {
    phase: z.int().nonnegative(),
    /** Absolute path in the sandbox. */
    path: z.string(),
    /** What it is called where it is kept. */
    name: z.string(),
    bytes: z.int().nonnegative(),
    /** Base64 of it; absent where it was too large to keep. */
    data: base64Body.optional(),
  },
  'program.ended': {
    step,
    /** Of the program that decided; null where a signal ended it. */
    exitCode: z.int().nullable(),
    /** The end of what it printed. */
    said: body,
  },
  'programs.started': {
    step,
    /** JSON of the programs that the agent's program has started since it was asked before, and of how many more there were. */
    programs: body.optional(),
    /** Those of which nothing is known but that they were started. */
    lost: z.int().nonnegative(),
    /** Why they are not known. */
    error: z.string().optional(),
    durationMs: ms,
  },
  'network.attempted': {
    /** Absent before the first step. */
    step: step.optional(),
    /** The call that was under way; absent where none was, as with what an earlier one left running. */
    callId: callId.optional(),
    attempt: networkAttempt,
    /** What was sent, as far as it was kept, a character for each byte. */
    payload: body.optional(),
  },
};

/** What every event has: its number, times, the digest of the line before, and whether it was inherited. */
const envelope = {
  /** From 0, without gaps. */
  seq: z.int().nonnegative(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Milliseconds on a monotonic clock since the trial began. */
  mono: z.number(),
  /** sha256 of the line before, without its newline; empty on the first. */
  prev: z.string(),
  inherited: z.literal(true).optional(),
};

type Fields = typeof fields;
type EventSchema<T extends keyof Fields, Around extends z.ZodRawShape> = z.ZodObject<
  { type: z.ZodLiteral<T> } & Fields[T] & Around,
  z.core.$strict
>;
type AnyEventSchema<Around extends z.ZodRawShape> = {
  [T in keyof Fields]: EventSchema<T, Around>;
}[keyof Fields];

/** The union of all events, each with the fields of `around` too. */
function eventUnion<Around extends z.ZodRawShape>(around: Around) {
  const schemas = Object.entries(fields).map(([type, own]) =>
    z.strictObject({ type: z.literal(type), ...own, ...around }),
  );
  return z.discriminatedUnion('type', schemas as unknown as [AnyEventSchema<Around>]);
}

/** An event before it is written. */
export const newTraceEvent = eventUnion({});
export type NewTraceEvent = z.infer<typeof newTraceEvent>;

/** One line of `trace.jsonl`. */
export const traceEvent = eventUnion(envelope);
export type TraceEvent = z.infer<typeof traceEvent>;
export type TraceEventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>;
export type NewTraceEventOf<T extends NewTraceEvent['type']> = Extract<NewTraceEvent, { type: T }>;
