import type { AgentSession } from '../agent/agent.ts';
import type { RecordsRead } from '../environment/record/read.ts';
import type { PastCall } from '../policy/judge.ts';
import type { FileTree, Sandbox } from '../sandbox/sandbox.ts';
import type { DecidedCall, TokenUsage } from '../schema/decision.ts';
import type { Json } from '../schema/json.ts';
import type { ViewStep } from '../schema/view.ts';
import type { Phase } from '../task/task.ts';
import type { Toolbox } from '../tool/toolbox.ts';
import type { CanaryWatch } from './canary-scan.ts';
import type { TrialParts, TrialPlan } from './plan.ts';

/** A trial in progress: its handles, and what has happened so far in the form the next step needs. */
export interface LiveTrial {
  readonly plan: TrialPlan;
  readonly parts: TrialParts;
  sandbox?: Sandbox;
  toolbox?: Toolbox;
  /** The list of tools that was recorded last, as JSON. */
  listed?: string;
  session?: AgentSession;
  /** What the agent has seen: the steps of its view. */
  readonly steps: ViewStep[];
  /** Earlier calls as policy sees them. */
  readonly past: PastCall[];
  /** Calls of the decision that is being acted on. */
  deciding: DecidedCall[];
  /** Whether the last step's probes were not begun yet. */
  unobserved: boolean;
  /** Settles when the last step's probes have answered and it is finished. */
  observed: Promise<void>;
  /** State before the first step and after the last one; undefined where the environment has none. */
  initial?: Json;
  state?: Json;
  /** Texts of short files of the state, by sha256, so that a change can be shown with what was there before. */
  readonly texts: Map<string, string>;
  /** The phase that is under way, from 0. */
  phase: number;
  /** What the verification relies on in the sandbox, before the first step of the phase. */
  watched?: FileTree;
  /** What earlier phases' agents and tests had changed of the image, each as "op path". */
  changedBefore: ReadonlySet<string>;
  /** The files below the declared paths as they were last surveyed, ignored ones included. */
  surveyed: FileTree;
  /** Records of the state's files, by the files' sha256. */
  records: Map<string, RecordsRead>;
  /** What the files were when planted values were last looked for in them. */
  watch?: CanaryWatch;
  milestones: Record<string, boolean>;
  answer?: string;
  usage: TokenUsage;
  costUsd: number;
  /** Absent until a price is known for one decision. */
  priced: boolean;
  /** Decisions in a row that called no tool. */
  idle: number;
  /** When the phase's first decision was asked for, on the monotonic clock. */
  firstAskedMs?: number;
  /** Settles when the work that is under way has stopped writing events. */
  activity: Promise<unknown>;
}

export function newLiveTrial(plan: TrialPlan, parts: TrialParts): LiveTrial {
  return {
    plan,
    parts,
    steps: [],
    past: [],
    deciding: [],
    unobserved: false,
    observed: Promise.resolve(),
    texts: new Map(),
    surveyed: {},
    records: new Map(),
    phase: 0,
    changedBefore: new Set(),
    milestones: {},
    usage: { input: 0, output: 0 },
    costUsd: 0,
    priced: false,
    idle: 0,
    activity: Promise.resolve(),
  };
}

/** Number of the step that is under way, or was last. */
export const currentStep = (live: LiveTrial) => live.steps.length - 1;

/** The part of a live trial that `provision` fills. Throws when it is asked for too early, which would be a mistake of ours. */
export function toolboxOf(live: LiveTrial): Toolbox {
  if (!live.toolbox) throw new Error('the toolbox is not open');
  return live.toolbox;
}

/** The phase that is under way. */
export function phaseOf({ plan, phase }: LiveTrial): Phase {
  return plan.task.phases[phase] ?? plan.task.phases[0];
}
