import type { Agent } from '../../agent/agent.ts';
import { ProctorError } from '../../errors.ts';
import type { TrialSpec } from '../../orchestrator/trial-plan.ts';
import { type Combination, combination } from '../../schema/experiment.ts';
import type { TrialPlace } from '../../schema/trial-place.ts';
import { editsOf } from '../edit.ts';
import { forkTrial } from '../fork.ts';
import type { Recording, Reloaded } from '../recording.ts';
import { type Cut, cutAtParting, lastOpen } from './cut.ts';

/** One agent at a task: a trial of it that was recorded, and how all its recorded trials of the task went. */
export interface Side {
  recording: Recording;
  reloaded: Reloaded;
  agent: Agent;
  place: TrialPlace;
  /** Whether the recorded trial completed its task. */
  succeeded: boolean;
  begun: { succeeded: number; of: number };
}

/** A task at which two agents went different ways. */
export interface Subject {
  task: string;
  a: Side;
  b: Side;
}

export interface CutSubject extends Subject {
  cut: Cut;
}

/** What forks are counted for. */
export type Cell =
  | { kind: 'swap'; task: string; combination: Combination }
  | { kind: 'value'; task: string; side: 'a' | 'b'; step: number };

/** A fork to be run. */
export interface PlannedFork {
  cell: Cell;
  /** The recording it takes its first steps from, which says where it has to run. */
  recording: Recording;
  spec(id: string): TrialSpec;
}

/** Cuts trials after a step, or where they part; what can't be cut is told why. */
export function cutSubjects(
  subjects: readonly Subject[],
  at: number | undefined,
): { cut: CutSubject[]; leftOut: { task: string; reason: string }[] } {
  const cut: CutSubject[] = [];
  const leftOut: { task: string; reason: string }[] = [];
  for (const subject of subjects) {
    const { a, b, task } = subject;
    const place = at === undefined ? cutAtParting(a.recording, b.recording) : givenCut(subject, at);
    if (place) cut.push({ ...subject, cut: place });
    else leftOut.push({ task, reason: whyNot(subject, at) });
  }
  return { cut, leftOut };
}

function givenCut({ a, b }: Subject, after: number): Cut | undefined {
  const last = Math.min(lastOpen(a.recording.trial), lastOpen(b.recording.trial));
  if (after > last) return undefined;
  return { after, parting: cutAtParting(a.recording, b.recording)?.after === after };
}

function whyNot({ a, b }: Subject, at: number | undefined): string {
  const [ofA, ofB] = [a, b].map(({ recording }) => recording.trial.steps.length);
  if (at !== undefined) return `a trial ends with step ${at} or before (${ofA} and ${ofB} steps)`;
  return ofA === ofB && (ofA ?? 0) > 1
    ? 'the two trials made the same calls'
    : `a trial ends with its first step (${ofA} and ${ofB} steps)`;
}

/**
 * The forks of an experiment, in the order in which a budget is spent on them: first each combination once, then each once more.
 * With `values`, each step of the side that went worse is continued so often by its own agent, after that.
 */
export function planForks(
  subjects: readonly CutSubject[],
  { attempts, values }: { attempts: number; values: number },
): PlannedFork[] {
  const swaps = times(attempts, (attempt) =>
    subjects.flatMap((subject) => combination.options.map((which) => swapFork(subject, which, attempt))),
  );
  const valued = times(values, (attempt) =>
    subjects.flatMap((subject) => {
      const side = worseSide(subject);
      const last = lastOpen(subject[side].recording.trial);
      return times(last + 1, (step) => [valueFork(subject, side, step - 1, attempt)]);
    }),
  );
  return [...swaps, ...valued];
}

/** The side whose recorded trials of a task succeeded less often; B where both did alike. */
export function worseSide({ a, b }: Subject): 'a' | 'b' {
  const rate = ({ begun }: Side) => begun.succeeded / Math.max(1, begun.of);
  return rate(a) < rate(b) ? 'a' : 'b';
}

function swapFork(subject: CutSubject, which: Combination, attempt: number): PlannedFork {
  const [before, after] = [
    which[0] === 'a' ? subject.a : subject.b,
    which[1] === 'a' ? subject.a : subject.b,
  ];
  return {
    cell: { kind: 'swap', task: subject.task, combination: which },
    ...forkOf(before, after.agent, subject.cut.after, attempt),
  };
}

function valueFork(subject: Subject, side: 'a' | 'b', step: number, attempt: number): PlannedFork {
  const { agent } = subject[side];
  return {
    cell: { kind: 'value', task: subject.task, side, step },
    ...forkOf(subject[side], agent, step, attempt),
  };
}

function forkOf({ recording, reloaded }: Side, agent: Agent, after: number, attempt: number) {
  const steps = after + 1;
  const fork = { steps, agent, edits: editsOf(recording, steps), despiteDivergence: false };
  return { recording, spec: (id: string) => forkTrial(recording, reloaded, { id, attempt }, fork) };
}

/** Subjects whose forks can be made; the others with the reason. */
export function forkable(subjects: readonly CutSubject[]): {
  able: CutSubject[];
  leftOut: { task: string; reason: string }[];
} {
  const leftOut: { task: string; reason: string }[] = [];
  const able = subjects.filter((subject) => {
    try {
      for (const which of combination.options) swapFork(subject, which, 1).spec('try');
      return true;
    } catch (error) {
      if (!(error instanceof ProctorError)) throw error;
      leftOut.push({ task: subject.task, reason: error.message });
      return false;
    }
  });
  return { able, leftOut };
}

const times = <T>(count: number, make: (attempt: number) => T[]): T[] =>
  Array.from({ length: Math.max(0, count) }, (_, index) => make(index + 1)).flat();
