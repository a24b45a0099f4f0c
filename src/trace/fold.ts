import { ProctorError } from '../errors.ts';
import { checked } from '../schema/checked.ts';
import { type ListedTool, listedTool, type TraceEvent, type TraceEventOf } from '../schema/trace-event.ts';
import type { Trial } from '../schema/trial.ts';
import type { BodyReader } from './body-store.ts';
import { addProbeAnswer, addStarted, addTexts } from './fold-probe.ts';
import { addCallEvent, addDecision, stepAt } from './fold-step.ts';

/** A trial that grows with its events. */
export interface Fold {
  add(event: TraceEvent): void;
  /** The one trial that `add` changes. Throws `bad-trace` before `trial.started` was added. */
  readonly trial: Trial;
}

/** Folds events one by one; `bodies` gives the tools and states that lie beside the log. */
export function createFold(bodies: BodyReader): Fold {
  let trial: Trial | undefined;
  let asked: TraceEventOf<'agent.asked'> | undefined;
  const answered: TraceEventOf<'agent.answered'>[] = [];

  function begun(): Trial {
    if (trial === undefined) {
      throw new ProctorError('bad-trace', 'expected trial.started as the first event of a trace');
    }
    return trial;
  }

  function add(event: TraceEvent): void {
    switch (event.type) {
      case 'trial.started':
        trial = emptyTrial(event);
        return;
      case 'agent.asked':
        if (event.side === undefined) asked = event;
        return;
      case 'agent.answered':
        answered.push(event);
        return;
      case 'agent.decided':
        addDecision(begun(), event, { asked, answered: answered.splice(0) });
        return;
      default:
        addToTrial(begun(), event, bodies);
    }
  }

  return {
    add,
    get trial() {
      return begun();
    },
  };
}

/** Folds a trace, which may end anywhere after its first event. Throws `bad-trace` where there is none. */
export function foldTrial(events: Iterable<TraceEvent>, bodies: BodyReader): Trial {
  const fold = createFold(bodies);
  for (const event of events) fold.add(event);
  return fold.trial;
}

const nothingSpent = () => ({ usage: { input: 0, output: 0 } });

function emptyTrial(started: TraceEventOf<'trial.started'>): Trial {
  return {
    started,
    opened: [],
    tools: [],
    steps: [],
    spent: { own: nothingSpent(), inherited: nothingSpent() },
    phase: 0,
    verified: [],
    compared: [],
    artifacts: [],
    notifications: [],
  };
}

type LaterEvent = Exclude<
  TraceEvent,
  { type: 'trial.started' | 'agent.asked' | 'agent.answered' | 'agent.decided' }
>;

function addToTrial(trial: Trial, event: LaterEvent, bodies: BodyReader): void {
  switch (event.type) {
    case 'state.entered':
      return;
    case 'sandbox.opened':
      trial.opened.push(event);
      return;
    case 'tools.listed':
      listTools(trial, toolsOf(event, bodies));
      return;
    case 'policy.judged':
    case 'tool.called':
    case 'tool.returned':
      addCallEvent(trial, event);
      return;
    case 'state.observed':
    case 'milestone.checked':
    case 'world.probed':
    case 'canaries.scanned':
      addProbeAnswer(trial, event, bodies);
      return;
    case 'texts.kept':
      addTexts(trial, event);
      return;
    case 'step.finished':
      finishStep(trial, event);
      return;
    case 'server.notified':
      trial.notifications.push(event);
      return;
    case 'limit.reached':
      trial.limit = event;
      return;
    case 'verifier.returned':
      trial.verified.push(event);
      return;
    case 'tests.compared':
      trial.compared.push(event);
      return;
    case 'phase.started':
      beginPhase(trial, event);
      return;
    case 'artifact.collected':
      trial.artifacts.push(event);
      return;
    case 'network.attempted':
      if (event.step !== undefined) stepAt(trial, event.step)?.attempts.push(event);
      return;
    case 'programs.started':
      addStarted(trial, event, bodies);
      return;
    case 'program.ended':
      trial.program = event;
      return;
    case 'service.failed':
      trial.serviceFailures = [...(trial.serviceFailures ?? []), event];
      return;
    case 'sandbox.quiesced':
      trial.quiesced = event;
      return;
    case 'trial.ended':
      trial.ended = event;
      trial.outcome = event.outcome;
  }
}

function listTools(trial: Trial, tools: ListedTool[]): void {
  const known = [...(trial.formerTools ?? []), ...trial.tools];
  const former = known.filter(({ name }) => !tools.some((tool) => tool.name === name));
  trial.tools = tools;
  if (former.length > 0) trial.formerTools = former;
  else delete trial.formerTools;
}

function toolsOf(event: TraceEventOf<'tools.listed'>, bodies: BodyReader): ListedTool[] {
  const blame = { code: 'bad-trace', where: `event ${event.seq}`, root: 'tools' } as const;
  return checked(listedTool.array(), bodies.json(event.tools), blame);
}

function beginPhase(trial: Trial, event: TraceEventOf<'phase.started'>): void {
  trial.phase = event.phase;
  const step = trial.steps.at(-1);
  if (step !== undefined) step.begins = event.instruction;
}

function finishStep(trial: Trial, event: TraceEventOf<'step.finished'>): void {
  const step = stepAt(trial, event.step);
  if (step === undefined) return;
  step.finished = true;
  step.finishedAt = event.at;
  if (event.notice !== undefined) step.notice = event.notice;
}
