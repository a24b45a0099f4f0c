import { defaultRules } from '../../policy/default-rule.ts';
import { ownRules } from '../../policy/own.ts';
import { amendPolicy } from '../../policy/resolve.ts';
import type { TokenUsage } from '../../schema/decision.ts';
import { toolEffect } from '../../schema/effect.ts';
import type { ListedTool, NewTraceEvent, NewTraceEventOf } from '../../schema/trace-event.ts';
import { traceVersion } from '../../schema/trial-started.ts';
import { jsonDigest } from '../../trace/digest.ts';
import type { TraceWriter } from '../../trace/writer.ts';
import { storedEvent } from './event-body.ts';
import type { TrialFacts } from './fact.ts';
import type { ForeignTrial } from './foreign-trial.ts';
import { clockFrom, type RecordClock, writeStep } from './write-step.ts';

/** Where a foreign trial becomes a trace. */
export interface ForeignPlace {
  run: string;
  trial: string;
  /** Version of Proctor. */
  proctor: string;
  /** File that it was read from. */
  source: string;
  /** Opens the trace; nothing is replaced as a secret, since the record is not ours. */
  open(now: () => Date): TraceWriter;
}

/** Writes a foreign trial as a trace and returns its head. */
export function writeForeignTrial(
  foreign: ForeignTrial,
  place: ForeignPlace,
): ReturnType<TraceWriter['close']> {
  const clock = clockFrom(foreign.facts?.startedAt ?? foreign.startedAt ?? foreign.steps[0]?.at);
  const writer = place.open(clock.now);
  const { bodies } = writer;
  const append = (event: NewTraceEvent) => void writer.append(storedEvent(event, bodies));
  const { facts } = foreign;
  const started = facts?.started ?? startedEvent(foreign, place);
  append({
    ...started,
    ...foreign.declared?.started,
    attempt: foreign.attempt ?? started.attempt,
    task: { ...started.task, ...foreign.declared?.task, name: taskNameOf(foreign) },
    agent: { ...started.agent, id: agentIdOf(foreign) },
  });
  for (const opened of facts?.opened ?? []) append(opened);
  const tools = (facts?.tools ?? toolsOf(foreign)).map((tool) => declaredTool(tool, foreign));
  const list = (listed: readonly ListedTool[]) =>
    append({ type: 'tools.listed', tools: JSON.stringify(listed) });
  if (facts?.formerTools) list([...facts.formerTools, ...tools]);
  list(tools);
  for (const answer of facts?.initial ?? []) append(answer);
  let phase = 0;
  for (const [index, step] of foreign.steps.entries()) {
    writeStep(step, index, { writer, append, clock });
    const instruction = step.facts?.begins;
    if (instruction !== undefined) append({ type: 'phase.started', phase: ++phase, instruction });
  }
  writeEnd(foreign, append, clock, facts);
  return writer.close();
}

function startedEvent(
  foreign: ForeignTrial,
  { run, trial, proctor, source }: ForeignPlace,
): NewTraceEventOf<'trial.started'> {
  const { task, instruction, guidance, agent } = foreign;
  return {
    type: 'trial.started',
    version: traceVersion,
    proctor,
    node: process.version,
    run,
    trial,
    attempt: foreign.attempt ?? 1,
    task: {
      name: task,
      path: source,
      digest: jsonDigest({ task, instruction }),
      instruction,
      ...(guidance !== undefined && { guidance }),
      tags: ['imported'],
      impossible: false,
      milestones: [],
      reference: null,
    },
    environment: { name: 'imported', digest: '', state: 'none' },
    agent: {
      id: agentIdOf(foreign),
      ...(agent.model !== undefined && { model: agent.model }),
    },
    limits: {},
    policy: JSON.stringify(amendPolicy({ rules: defaultRules }, ownRules())),
    seed: '',
    clock: foreign.startedAt ?? foreign.steps[0]?.at ?? '',
    canaries: [],
  };
}

/** The task under whose name an imported trial is recorded. */
export const taskNameOf = ({ task, facts }: ForeignTrial): string => facts?.started.task.name ?? task;

/** The agent id under which an imported trial is recorded. */
export function agentIdOf({ agent: { name, version }, facts }: ForeignTrial): string {
  return facts?.started.agent.id ?? (version === undefined ? name : `${name}@${version}`);
}

/** Described tools, and those that were only called; what they do is declared by nobody. */
function toolsOf({ tools, steps }: ForeignTrial): ListedTool[] {
  const described = new Map(tools.map((tool) => [tool.name, tool]));
  for (const { tool: name } of steps.flatMap(({ calls }) => calls)) {
    if (!described.has(name)) described.set(name, { name, description: '', inputSchema: {} });
  }
  return [...described.values()].map((tool) => ({
    ...tool,
    server: 'imported',
    placement: 'remote',
    declared: toolEffect.parse({ effect: 'write' }),
    undeclared: true,
  }));
}

/** A tool with what is declared of it, which says more than that it was described. */
function declaredTool(tool: ListedTool, { declared }: ForeignTrial): ListedTool {
  const effect = declared && Object.hasOwn(declared.tools, tool.name) ? declared.tools[tool.name] : undefined;
  return effect ? { ...tool, declared: effect, undeclared: false } : tool;
}

function writeEnd(
  foreign: ForeignTrial,
  append: (event: NewTraceEvent) => void,
  clock: RecordClock,
  facts: TrialFacts | undefined,
): void {
  if (facts) {
    const { limit, quiesced, verified, compared, artifacts, notifications, ended } = facts;
    const judged = foreign.declared?.rewards ? [verdict(foreign.declared.rewards)] : verified;
    for (const event of [...notifications, limit, quiesced, ...compared, ...artifacts, ...judged])
      if (event) append(event);
    clock.to(facts.endedAt);
    if (ended) append(ended);
    return;
  }
  clock.to(foreign.endedAt);
  const rewards = foreign.declared?.rewards ?? foreign.rewards;
  if (rewards) append(verdict(rewards));
  const answer = foreign.steps.at(-1)?.text;
  const costUsd = foreign.costUsd ?? sumOf(foreign.steps.map((step) => step.costUsd));
  append({
    type: 'trial.ended',
    outcome: foreign.outcome ?? 'submitted',
    ...(foreign.error && { error: foreign.error }),
    ...(answer !== undefined && { answer }),
    usage: foreign.usage ?? usageOf(foreign),
    ...(costUsd !== undefined && { costUsd }),
    durationMs: clock.now().getTime() - Date.parse(foreign.startedAt ?? foreign.steps[0]?.at ?? '') || 0,
  });
}

function verdict(rewards: Record<string, number>): NewTraceEvent {
  return {
    type: 'verifier.returned',
    phase: 0,
    by: 'script',
    where: 'record',
    rewards,
    checks: [],
    stdout: '',
    stderr: '',
    integrity: [],
    durationMs: 0,
  };
}

function usageOf({ steps }: ForeignTrial): TokenUsage {
  const of = (key: keyof TokenUsage) => sumOf(steps.map(({ usage }) => usage?.[key]));
  const cached = of('cached');
  const reasoning = of('reasoning');
  return {
    input: of('input') ?? 0,
    output: of('output') ?? 0,
    ...(cached !== undefined && { cached }),
    ...(reasoning !== undefined && { reasoning }),
  };
}

/** The sum of what is known; undefined where nothing is. */
function sumOf(values: (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
