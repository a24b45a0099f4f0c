import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../../src/schema/content.ts';
import type { Json } from '../../src/schema/json.ts';
import type { Outcome } from '../../src/schema/outcome.ts';
import type { Run, RunTrial } from '../../src/schema/run.ts';
import type { TraceEventOf } from '../../src/schema/trace-event.ts';
import { writeRun } from '../../src/trace/run-file.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { createTraceWriter, type TraceWriter } from '../../src/trace/writer.ts';

const digest = '0'.repeat(64);

/** A rule that every command with `rm -rf` breaks. */
export const noRecursiveDelete = {
  id: 'no-recursive-delete',
  category: 'destructive-operation',
  message: 'Folders are not deleted whole.',
  tool: 'bash',
  when: 'args.command.contains("rm -rf")',
  effect: 'delete',
  reversible: false,
};

export interface MadeCall {
  tool?: string;
  args: Record<string, Json>;
  content: Content[];
  isError?: boolean;
}

interface MadeStep {
  say?: string;
  request?: string;
  costUsd?: number;
  calls: MadeCall[];
}

/** A trial that is written step by step, as a running one is. */
export interface MadeTrial {
  writer: TraceWriter;
  step(step: MadeStep): void;
  /** Ends it and gives its head. */
  end(how?: MadeEnd): RunTrial['head'];
}

interface MadeEnd {
  outcome?: Outcome;
  error?: { code: string; message: string };
  /** What a verifier gives, 0 to 1; absent where none is asked. */
  reward?: number;
  /** What the verifier found, and what its script said. */
  checks?: TraceEventOf<'verifier.returned'>['checks'];
  stdout?: string;
  /** The test runner's own report. */
  ctrf?: Json;
}

type Started = TraceEventOf<'trial.started'>;

interface MadeTrialOptions {
  run?: string;
  agent?: string;
  rules?: Json[];
  task?: Partial<Started['task']>;
  parent?: Started['parent'];
  injections?: Started['injections'];
  /** Tools of which nobody declared what they do. */
  undeclared?: string[];
}

function listedTool(name: string, undeclared: boolean) {
  const declared = { effect: 'write', reversible: true, scope: 'local', privilege: false, replay: 'execute' };
  const listed = { server: 'world', placement: 'host', description: name, inputSchema: {}, undeclared };
  return { name, ...listed, declared: { ...declared, repeatable: false, identifiers: [] } };
}

/** Begins the trace of a trial in a run's folder. */
export function beginTrial(runDir: string, trial: string, options: MadeTrialOptions = {}): MadeTrial {
  const {
    run = 'made',
    agent = 'made',
    rules = [],
    task = {},
    parent,
    injections,
    undeclared = [],
  } = options;
  const dir = join(runDir, trial);
  const writer = createTraceWriter({ dir, bodiesDir: join(runDir, 'bodies'), secrets: {} });
  const { bodies } = writer;
  let steps = 0;
  let costUsd = 0;
  writer.append({
    type: 'trial.started',
    version: 2,
    proctor: '0.1.0',
    node: 'v20',
    run,
    trial,
    attempt: 1,
    task: {
      name: 'made/task',
      path: 'tasks/made/task',
      digest,
      instruction: bodies.text('Do it.'),
      tags: ['made'],
      impossible: false,
      milestones: [],
      reference: null,
      ...task,
    },
    environment: { name: 'made', digest, state: 'none' },
    agent: { id: agent },
    limits: {},
    policy: bodies.json({ rules }),
    seed: '0',
    clock: '2026-01-01T00:00:00.000Z',
    canaries: [],
    ...(parent && { parent }),
    ...(injections && { injections }),
  });
  const tools = [listedTool('bash', false), ...undeclared.map((name) => listedTool(name, true))];
  writer.append({ type: 'tools.listed', tools: bodies.json(tools) });

  return {
    writer,
    step(made) {
      appendStep(writer, steps, made);
      steps += 1;
      costUsd += made.costUsd ?? 0;
    },
    end({ outcome = 'submitted', error, reward, checks = [], stdout = '', ctrf } = {}) {
      if (reward !== undefined) appendVerdict(writer, { reward, checks, stdout, ctrf });
      writer.append({
        type: 'trial.ended',
        outcome,
        ...(error && { error }),
        usage: { input: 0, output: 0 },
        costUsd,
        durationMs: 1,
      });
      return writer.close();
    },
  };
}

type Heads = Record<string, RunTrial['head'] | undefined>;

interface MadeRunOptions {
  name?: string;
  /** The process that works on it; this one when absent. */
  pid?: number;
  /** What the command that made it was asked for. */
  options?: Run['config']['options'];
}

/** Writes `run.json` over trials that were begun; those without a head go on. */
export function writeMadeRun(runDir: string, heads: Heads, made: MadeRunOptions = {}): Run {
  const { name = 'made', pid = process.pid, options = {} } = made;
  mkdirSync(runDir, { recursive: true });
  const trials = Object.entries(heads).map(([trial, head]) => listed(runDir, trial, head));
  const goingOn = Object.values(heads).includes(undefined);
  const run: Run = {
    version: 1,
    run: name,
    proctor: '0.1.0',
    startedAt: '2026-01-05T09:00:00.000Z',
    ...(!goingOn && { endedAt: '2026-01-05T09:01:00.000Z' }),
    status: goingOn ? 'running' : 'done',
    pid,
    config: {
      tasks: [...new Set(trials.map(({ task }) => task))].map((task) => ({
        name: task,
        path: `tasks/${task}`,
        digest,
      })),
      agents: [...new Set(trials.map(({ agent }) => agent))],
      attempts: 1,
      seed: '0',
      sandbox: 'embedded',
      limits: {},
      options,
    },
    skipped: [],
    trials,
  };
  writeRun(runDir, run);
  return run;
}

function listed(runDir: string, trial: string, head: RunTrial['head'] | undefined): RunTrial {
  const { first: started, last } = openTrace(join(runDir, trial));
  const ended = last?.type === 'trial.ended' ? last : undefined;
  return {
    trial,
    task: started?.task.name ?? '',
    agent: started?.agent.id ?? '',
    attempt: 1,
    dir: trial,
    status: head ? 'ended' : 'running',
    ...(head && ended && { head, outcome: ended.outcome }),
  };
}

type Verdict = Required<Pick<MadeEnd, 'reward' | 'checks' | 'stdout'>> & { ctrf: Json | undefined };

function appendVerdict(writer: TraceWriter, { reward, checks, stdout, ctrf }: Verdict): void {
  writer.append({
    type: 'verifier.returned',
    phase: 0,
    by: 'script',
    where: 'fresh',
    rewards: { reward },
    checks,
    stdout,
    stderr: '',
    ...(ctrf !== undefined && { ctrf: writer.bodies.json(ctrf) }),
    integrity: [],
    durationMs: 1,
  });
}

function appendStep(writer: TraceWriter, step: number, { say, request, costUsd, calls }: MadeStep): void {
  const { bodies } = writer;
  if (request !== undefined) {
    writer.append({ type: 'agent.asked', step, request: bodies.text(request), appended: step > 0 });
  }
  const decided = calls.map(({ tool = 'bash', args }, index) => ({
    callId: `${step}.${index}`,
    tool,
    arguments: bodies.json(args),
  }));
  writer.append({
    type: 'agent.decided',
    step,
    decision: {
      ...(say !== undefined && { text: bodies.text(say) }),
      ...(costUsd !== undefined && { costUsd, usage: { input: 10, output: 5 } }),
      calls: decided,
    },
    durationMs: 1,
  });
  decided.forEach(({ callId, tool, arguments: args }, index) => {
    const { content = [], isError = false } = calls[index] ?? {};
    writer.append({ type: 'policy.judged', step, callId, verdict: 'allow', matched: [], failed: [] });
    writer.append({ type: 'tool.called', step, callId, tool, server: 'builtin', arguments: args });
    writer.append({
      type: 'tool.returned',
      step,
      callId,
      source: 'tool',
      isError,
      content: bodies.content(content),
      digest: digest.slice(callId.length) + callId.replace('.', ''),
      truncated: false,
      captureCut: false,
      durationMs: 1,
    });
  });
  writer.append({ type: 'step.finished', step });
}
