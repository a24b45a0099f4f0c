import { ProctorError } from '../errors.ts';
import { checked } from '../schema/checked.ts';
import { type StartedPrograms, startedPrograms } from '../schema/started-program.ts';
import type { LargeChange, RightsChange, StateChange } from '../schema/state.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import type { StateAnswer, Step, Trial } from '../schema/trial.ts';
import type { BodyReader } from './body-store.ts';
import { stepAt } from './fold-step.ts';

type Answer = TraceEventOf<'state.observed' | 'milestone.checked' | 'world.probed' | 'canaries.scanned'>;

/** Adds what a probe said to its step, or to the state before the first. */
export function addProbeAnswer(trial: Trial, answer: Answer, bodies: BodyReader): void {
  if (answer.step === undefined) addInitial(initialOf(trial), answer, bodies);
  else addToStep(stepAt(trial, answer.step), answer, bodies);
}

/** Adds the texts of the task's files as they were before the first step. */
export function addTexts(trial: Trial, { contents }: TraceEventOf<'texts.kept'>): void {
  initialOf(trial).contents = contents;
}

/** Adds what an agent's program started to its step. */
export function addStarted(trial: Trial, event: TraceEventOf<'programs.started'>, bodies: BodyReader): void {
  const step = stepAt(trial, event.step);
  if (step === undefined) return;
  const { programs, more } = startedIn(event, bodies);
  const before = step.started ?? { programs: [], more: {}, lost: 0 };
  for (const [id, count] of Object.entries(more)) before.more[id] = (before.more[id] ?? 0) + count;
  const error = before.error ?? event.error;
  step.started = {
    programs: [...before.programs, ...programs],
    more: before.more,
    lost: before.lost + event.lost,
    ...(error !== undefined && { error }),
  };
}

function startedIn({ programs, seq }: TraceEventOf<'programs.started'>, bodies: BodyReader): StartedPrograms {
  if (programs === undefined) return { programs: [], more: {} };
  const blame = { code: 'bad-trace', where: `event ${seq}`, root: 'programs' } as const;
  return checked(startedPrograms, bodies.json(programs), blame);
}

type Initial = NonNullable<Trial['initial']>;

function initialOf(trial: Trial): Initial {
  trial.initial ??= { milestones: {} };
  return trial.initial;
}

function addInitial(initial: Initial, answer: Answer, bodies: BodyReader): void {
  switch (answer.type) {
    case 'milestone.checked':
      if (answer.held !== undefined) initial.milestones[answer.name] = answer.held;
      return;
    case 'world.probed':
      addProbed(initial, answer, bodies);
      return;
    case 'canaries.scanned':
      if (answer.found) initial.planted = answer.found;
      return;
    case 'state.observed':
      if (answer.digest !== undefined) initial.digest = answer.digest;
      if (answer.value !== undefined) initial.value = bodies.json(answer.value);
      if (answer.error !== undefined) initial.error = answer.error;
  }
}

function addToStep(step: Step | undefined, answer: Answer, bodies: BodyReader): void {
  if (step === undefined) return;
  switch (answer.type) {
    case 'milestone.checked':
      if (answer.held === undefined) step.unanswered.push(answer.name);
      else step.milestones[answer.name] = answer.held;
      return;
    case 'world.probed':
      addProbed(step, answer, bodies);
      return;
    case 'canaries.scanned':
      step.spread = answer.found ?? [];
      if (answer.unread) step.unread = answer.unread;
      return;
    case 'state.observed':
      step.state = stateAnswer(answer, bodies);
  }
}

function addProbed(
  at: Pick<Step, 'probed'>,
  { probe, answer, error = 'no answer' }: TraceEventOf<'world.probed'>,
  bodies: BodyReader,
): void {
  at.probed = { ...at.probed, [probe]: answer === undefined ? { error } : { answer: bodies.json(answer) } };
}

function stateAnswer(answer: TraceEventOf<'state.observed'>, bodies: BodyReader): StateAnswer {
  return {
    ...(answer.digest === undefined ? {} : { digest: answer.digest }),
    changes:
      answer.changes === undefined ? [] : changesOf<StateChange>(bodies.json(answer.changes), answer.seq),
    contents: answer.contents ?? {},
    rights:
      answer.rights === undefined ? [] : changesOf<RightsChange>(bodies.json(answer.rights), answer.seq),
    packed: answer.packed === undefined ? {} : (bodies.json(answer.packed) as Record<string, string[]>),
    large: answer.large === undefined ? {} : (bodies.json(answer.large) as Record<string, LargeChange>),
    ...(answer.error === undefined ? {} : { error: answer.error }),
  };
}

function changesOf<Change>(value: unknown, seq: number): Change[] {
  if (Array.isArray(value)) return value;
  throw new ProctorError('bad-trace', `event ${seq}: expected a list of state changes`);
}
