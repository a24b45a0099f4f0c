import { nopAgent } from '../agent/nop.ts';
import { diffState } from '../environment/state-diff.ts';
import { openAccount } from '../orchestrator/account.ts';
import { newLiveTrial, toolboxOf } from '../orchestrator/live-trial.ts';
import type { CallJudge, OpenToolbox } from '../orchestrator/plan.ts';
import { askMilestone, readState, stateKind } from '../orchestrator/probe.ts';
import { provision, startedEvent } from '../orchestrator/provision.ts';
import { planTrial } from '../orchestrator/trial-plan.ts';
import type { ExecResult, SandboxFiles, SandboxProvider } from '../sandbox/sandbox.ts';
import type { Content } from '../schema/content.ts';
import type { JsonObject } from '../schema/json.ts';
import type { StateChange } from '../schema/state.ts';
import type { ListedTool, TraceEvent } from '../schema/trace-event.ts';
import type { ToolResult } from '../tool/toolbox.ts';
import { createRecorder } from '../trace/recorder.ts';
import { newTrialId } from '../trace/run-file.ts';
import type { TaskSetup } from './checked-trial.ts';

/** A fresh trial of a task that a person or a caller works in; nothing is recorded. */
export interface InteractiveTrial {
  tools(): readonly ListedTool[];
  call(tool: string, args: JsonObject): Promise<ToolResult>;
  /** What changed since the last look; undefined where the environment declares no state. */
  look(): Promise<StateChange[] | undefined>;
  milestones(): Promise<{ name: string; held?: boolean; error?: string }[]>;
  /** A command of the agent's shell; undefined where there is no sandbox. */
  run(command: string): Promise<ExecResult | undefined>;
  /** The sandbox's files; absent where there is no sandbox. */
  files?: SandboxFiles;
  close(): Promise<void>;
}

/** Milliseconds one call may take. */
const callMs = 120_000;

/** Provisions a task as a trial would. Throws what provisioning throws, leaving nothing open. */
export async function openInteractiveTrial(
  setup: TaskSetup,
  parts: { run: string; provider: SandboxProvider; openToolbox: OpenToolbox; signal: AbortSignal },
): Promise<InteractiveTrial> {
  const { signal } = parts;
  const plan = planTrial(
    { ...setup, agent: nopAgent(), attempt: 1, trial: newTrialId() },
    { run: parts.run, runSeed: '0', limits: {}, provider: parts.provider },
  );
  const recorder = createRecorder(inMemory);
  recorder.append(startedEvent(plan, recorder));
  const live = newLiveTrial(plan, {
    recorder,
    judge: noJudge,
    openToolbox: parts.openToolbox,
    signal,
    account: openAccount({}),
  });
  const close = async () => {
    await live.toolbox?.close();
    await live.sandbox?.close();
  };
  try {
    await provision(live, signal);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    tools: () => toolboxOf(live).list(),
    call: (tool, args) => toolboxOf(live).call(tool, args, { signal, timeoutMs: callMs }),
    async look() {
      if (!plan.environment.config.state) return undefined;
      const before = live.world.state ?? null;
      const now = await readState(live);
      live.world.state = now;
      return diffState(stateKind(live), before, now);
    },
    milestones: async () => {
      const answers = [];
      for (const milestone of plan.task.additions.milestones) {
        const state = plan.environment.config.state && (await readState(live));
        answers.push({ name: milestone.name, ...(await askMilestone(milestone, live, state)) });
      }
      return answers;
    },
    ...(live.sandbox && { files: live.sandbox.files }),
    run: async (command) => live.sandbox?.exec(command, { timeoutMs: callMs, signal }),
    close,
  };
}

const noJudge: CallJudge = { call: () => ({ verdict: 'allow', matched: [], failed: [] }) };

/** Keeps nothing: what is recorded is only folded. */
export const inMemory: Parameters<typeof createRecorder>[0] = {
  bodies: {
    text: (text) => text,
    json: (value) => JSON.stringify(value),
    content: (blocks: readonly Content[]) => [...blocks],
    base64: (data) => data,
  },
  written: {
    text: (body) => body as string,
    json: (body) => JSON.parse(body as string),
    content: (blocks) => blocks as Content[],
  },
  append: (event) => ({ ...event, seq: 0, at: '', mono: 0, prev: '' }) as TraceEvent,
  sync: () => {},
};
