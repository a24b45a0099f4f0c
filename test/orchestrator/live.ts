import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import type { Agent, AgentDecision, AgentSession } from '../../src/agent/agent.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { openAccount } from '../../src/orchestrator/account.ts';
import { decide } from '../../src/orchestrator/decide.ts';
import { type LiveTrial, newLiveTrial } from '../../src/orchestrator/live-trial.ts';
import type { Inheritance, TrialParts } from '../../src/orchestrator/plan.ts';
import { openTools, startedEvent } from '../../src/orchestrator/provision.ts';
import { planTrial } from '../../src/orchestrator/trial-plan.ts';
import { policyCompiler } from '../../src/policy/compile.ts';
import { toolboxOpener } from '../../src/run-trials.ts';
import type { Limits } from '../../src/schema/limits.ts';
import type { TraceEvent, TraceEventOf } from '../../src/schema/trace-event.ts';
import { loadTask } from '../../src/task/load.ts';
import { createRecorder } from '../../src/trace/recorder.ts';
import { createTraceWriter } from '../../src/trace/writer.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { type FakeSandbox, fakeProvider, fakeSandbox } from './fake-sandbox.ts';

export interface Made {
  /** Files of the task's folder. */
  task?: Record<string, string>;
  /** Files of folders of environments. */
  environments?: Record<string, string>;
  agent?: Partial<Agent>;
  sandbox?: FakeSandbox;
  /** Sandboxes that are opened after the first. */
  later?: FakeSandbox[];
  limits?: Limits;
  inherits?: Partial<Inheritance> | undefined;
  secrets?: Record<string, string>;
  parts?: Partial<TrialParts>;
}

/** A trial of a task of these files, of which nothing but its beginning is recorded yet, with what is recorded of it. */
export interface MadeTrial {
  live: LiveTrial;
  sandbox: FakeSandbox;
  events: TraceEvent[];
  /** The events of one type. */
  of<T extends TraceEvent['type']>(type: T): TraceEventOf<T>[];
}

/** No time passes in these tests that would abort anything. */
export const signal: AbortSignal = new AbortController().signal;
setMaxListeners(0, signal);

const answersDone = `
environment = "shell"
[verify]
by = "answer"
exact = "done"
`;

export function made(parts: Made = {}): MadeTrial {
  const { sandbox = fakeSandbox(), later = [], limits = {}, secrets = {} } = parts;
  const files = { 'instruction.md': 'Do it.', 'task.toml': '', 'proctor.toml': answersDone, ...parts.task };
  const roots = parts.environments ? [folderOf(parts.environments)] : [];
  const task = loadTask(folderOf(files), 'made/task');
  const agent: Agent = { id: 'made', open: async () => sessionOf([]), ...parts.agent };
  const plan = planTrial(
    {
      task,
      agent,
      environment: environmentOf(task, { roots }),
      attempt: 1,
      trial: 'trial',
      ...inherited(parts.inherits),
    },
    { run: 'run', runSeed: '0', limits, provider: fakeProvider(sandbox, ...later) },
  );
  const dir = temporaryFolder();
  const writer = createTraceWriter({ dir: join(dir, 'trial'), bodiesDir: join(dir, 'bodies'), secrets });
  const events: TraceEvent[] = [];
  const recorder = createRecorder(writer, (event) => void events.push(event));
  const live = newLiveTrial(plan, {
    recorder,
    judge: policyCompiler()(plan.policy, 'policy'),
    openToolbox: toolboxOpener(),
    signal,
    account: openAccount({}),
    ...parts.parts,
  });
  recorder.append(startedEvent(plan, recorder));
  const of = <T extends TraceEvent['type']>(type: T) =>
    events.filter((event): event is TraceEventOf<T> => event.type === type);
  return { live, sandbox, events, of };
}

const inherited = (inherits: Partial<Inheritance> | undefined) =>
  inherits && {
    inherits: {
      ...{ seed: '0', clock: '2026-01-01T00:00:00.000Z', canaries: [], limits: {}, steps: 0, counts: false },
      judge: (today: TrialParts['judge']) => today,
      toolbox: (open: TrialParts['openToolbox']) => open,
      ...inherits,
    },
  };

/** Opens the tools of a trial that was made, whose agent decides this in turn, and has it decide once. */
export async function decided(trial: MadeTrial, ...decisions: AgentDecision[]): Promise<MadeTrial> {
  const { live, sandbox } = trial;
  live.sandbox = sandbox;
  live.session = sessionOf(decisions);
  await openTools(live, signal);
  await decide(live, signal);
  return trial;
}

/** Decides these in turn, and then that it is done. */
export function sessionOf(decisions: readonly AgentDecision[]): AgentSession {
  return {
    decide: async ({ steps }) => decisions[steps.length] ?? { calls: [], stop: 'done' },
    close: async () => {},
  };
}

/** A decision to run these commands. */
export const bash = (...commands: string[]): AgentDecision => ({
  calls: commands.map((command) => ({ tool: 'bash', arguments: { command } })),
});

export const submit = (answer = 'done'): AgentDecision => ({
  calls: [{ tool: 'submit', arguments: { answer } }],
});
