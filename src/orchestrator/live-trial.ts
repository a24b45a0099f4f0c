import type { AgentSession } from '../agent/agent.ts';
import type { PastCall, Told } from '../policy/judge.ts';
import type { RecordsRead } from '../record/read.ts';
import type { FileTree, Sandbox } from '../sandbox/sandbox.ts';
import { submitTool } from '../schema/builtin-tool.ts';
import { textOf } from '../schema/content.ts';
import type { Json } from '../schema/json.ts';
import type { Spending, Step, Trial } from '../schema/trial.ts';
import type { ViewStep } from '../schema/view.ts';
import type { Phase } from '../task/task.ts';
import type { Toolbox } from '../tool/toolbox.ts';
import { addUsage } from '../trace/fold-step.ts';
import { type AgentClock, startClock } from './agent-clock.ts';
import type { TrialParts, TrialPlan } from './plan.ts';

/**
 * A trial in progress: its handles, and what only the process that runs it can know.
 * All that has happened in it is read from the record, `parts.recorder`.
 */
export interface LiveTrial {
  readonly plan: TrialPlan;
  readonly parts: TrialParts;
  /** Opened by `provision` and at each phase, given back by `release`. */
  sandbox?: Sandbox;
  toolbox?: Toolbox;
  session?: AgentSession;
  /** The earlier calls as policy sees them, oldest first. */
  readonly past: () => readonly PastCall[];
  readonly barrier: Barrier;
  readonly world: World;
  readonly baseline: Baseline;
  /** Why the programs are not seen that an agent's own program starts; set by `watchPrograms`. */
  unwatched?: { reason: string; isRecorded: boolean };
  /** The list of tools that `recordTools` recorded last, as JSON. */
  listed?: string;
  /** The agent's time in this phase; started by `clockOf` with the phase's first decision. */
  clock?: AgentClock;
}

/** What has to settle before the trial goes on. `observe` begins the closing of steps, and `trial` follows each actor. */
interface Barrier {
  /** How many steps' probes were begun. */
  probed: number;
  /** Settles when the last of these steps is finished. */
  observed: Promise<void>;
  /** Settles when the work that is under way has stopped writing events. */
  activity: Promise<unknown>;
}

/** What the probes saw last, so that they look only at what has changed since. */
interface World {
  /**
   * State before the first step and after the last; undefined where the environment has none, or it could not be read. Both are as they
   * were read: JSON knows no -0, so that one of them read back from the record would differ from the other.
   */
  initial?: Json;
  state?: Json;
  /** The files below the declared paths as they were last surveyed, ignored ones included. */
  surveyed: FileTree;
  /** The same as of when the state was last observed. */
  observed?: FileTree;
  /** sha256 of each archive that a step made → sha256 of each content in it. */
  readonly packed: Map<string, readonly string[]>;
  /** Texts of short files of the state, by sha256, so that a change can be shown with what was there before. */
  readonly texts: Map<string, string>;
  /** Long texts of the state, packed, by sha256; null where a long file is no text. */
  readonly large: Map<string, Buffer | null>;
  /** Records of the state's files, by the files' sha256. */
  records: Map<string, RecordsRead>;
  canaries?: CanaryWatch;
}

/** What the files were when planted values were last looked for, and in which of them each planted value was. */
interface CanaryWatch {
  tree: FileTree;
  holders: Set<string>;
}

/** What the verification relies on, as it was before the phase; kept by `furnish` and `beginNextPhase`. */
export interface Baseline {
  watched?: FileTree;
  /** What earlier phases' agents and tests had changed of the image, each as "op path". */
  changedBefore: ReadonlySet<string>;
}

export function newLiveTrial(plan: TrialPlan, parts: TrialParts): LiveTrial {
  return {
    plan,
    parts,
    past: pastCalls(() => parts.recorder.steps),
    barrier: { probed: 0, observed: Promise.resolve(), activity: Promise.resolve() },
    world: { surveyed: {}, texts: new Map(), large: new Map(), packed: new Map(), records: new Map() },
    baseline: { changedBefore: new Set() },
  };
}

/** The steps' calls that came back. Looks only at what came since it was last asked. */
function pastCalls(stepsNow: () => readonly ViewStep[]): () => readonly PastCall[] {
  const past: PastCall[] = [];
  let step = 0;
  let seen = 0;
  return () => {
    const steps = stepsNow();
    for (; ; step += 1, seen = 0) {
      const { decision, observations } = steps[step] ?? { observations: [] };
      for (const { callId, tool, content, isError } of observations.slice(seen)) {
        const args = decision?.calls.find((call) => call.callId === callId)?.arguments ?? {};
        past.push({ tool, args, ok: !isError, text: textOf(content), step });
      }
      seen = observations.length;
      if (step >= steps.length - 1) return past;
    }
  };
}

/** What the user has told the agent so far. */
export function toldIn({ plan: { task }, parts }: LiveTrial): Told {
  const { instruction, additions } = task;
  const later = parts.recorder.steps.flatMap(({ begins, notice }) =>
    [begins, notice].filter((text) => text !== undefined),
  );
  return { instruction, principal: additions.principal ?? '', said: [instruction, ...later] };
}

/** Number of the step that is under way, or was last; -1 before the first. */
export const currentStep = ({ parts }: LiveTrial) => parts.recorder.trial.steps.length - 1;

/** The step that an event belongs to; none before the first. */
export const stepOf = (live: LiveTrial) => (currentStep(live) < 0 ? {} : { step: currentStep(live) });

/** The part of a live trial that `provision` fills. Throws when it is asked for too early, which would be a mistake of ours. */
export function toolboxOf(live: LiveTrial): Toolbox {
  if (!live.toolbox) throw new Error('the toolbox is not open');
  return live.toolbox;
}

export function clockOf(live: LiveTrial): AgentClock {
  live.clock ??= startClock();
  return live.clock;
}

/** The phase that is under way, or another one by its number. */
export function phaseOf({ plan, parts }: LiveTrial, phase = parts.recorder.trial.phase): Phase {
  return plan.task.phases[phase] ?? plan.task.phases[0];
}

/** What counts against the limits: inherited steps do where an interrupted trial is resumed. */
export function spentBy({ plan, parts }: LiveTrial): Spending {
  const { own, inherited } = parts.recorder.trial.spent;
  if (!plan.inherits?.counts) return own;
  const costs = [inherited.costUsd, own.costUsd].filter((cost) => cost !== undefined);
  return {
    usage: addUsage(inherited.usage, own.usage),
    ...(costs.length > 0 && { costUsd: costs.reduce((sum, cost) => sum + cost, 0) }),
  };
}

/** The answer that was submitted last, in whatever phase; of a program that ended by itself, what its model said last. */
export function submittedAnswer({ parts }: LiveTrial): string | undefined {
  for (const { decision, observations } of [...parts.recorder.steps].reverse()) {
    const submitted = observations.find(({ tool, isError }) => tool === submitTool && !isError);
    const answer = decision.calls.find(({ callId }) => callId === submitted?.callId)?.arguments.answer;
    if (answer !== undefined && answer !== null)
      return typeof answer === 'string' ? answer : JSON.stringify(answer);
  }
  const { program, steps } = parts.recorder.trial;
  const said =
    program?.exitCode === 0 ? steps.findLast(({ decision }) => decision.text)?.decision.text : undefined;
  return said === undefined ? undefined : parts.recorder.written.text(said);
}

/** How many of the phase's last decisions in a row called no tool. */
export function idleDecisions({ steps }: Trial): number {
  const isIdle = (step: Step | undefined) =>
    step !== undefined && step.decision.calls.length === 0 && step.begins === undefined;
  let idle = 0;
  while (isIdle(steps[steps.length - 1 - idle])) idle += 1;
  return idle;
}
