import { type CallFacts, callFacts } from '../../policy/call-fact.ts';
import { guessEffect } from '../../policy/known-tool.ts';
import { builtinTools } from '../../schema/builtin-tool.ts';
import { canonicalJson } from '../../schema/canonical-json.ts';
import { textOf } from '../../schema/content.ts';
import type { Contract } from '../../schema/contract.ts';
import type { ToolEffect } from '../../schema/effect.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { Judgements } from '../../schema/judgement.ts';
import type { ListedTool } from '../../schema/trace-event.ts';
import type { Call, Step, Trial } from '../../schema/trial.ts';
import type { BodyReader } from '../../trace/body-store.ts';
import { groupBy } from './group.ts';
import { type InitialWorld, initialWorldOf } from './initial-world.ts';
import { type WrittenText, writtenIn } from './written.ts';

/** A call with its bodies resolved. */
export interface ResolvedCall {
  call: Call;
  step: Step;
  args: JsonObject;
  /** Tool and canonical arguments: the same for the same question. */
  question: string;
  /** What is declared of the tool, else guessed; absent where there is no such tool, or nothing lets guess. */
  declared?: ToolEffect;
  /** Whether nobody declared what the tool does. */
  undeclared: boolean;
  /** Whether it reached the tool or was answered in its stead; calls after a submit or a stop were not. */
  tried: boolean;
  /** Whether it reached the tool. */
  made: boolean;
  /** Whether it returned without an error. */
  ok: boolean;
  /** Of a shell command that ended by itself. */
  exitCode?: number;
  /** Text of what came back, whole. */
  text: string;
  /** What it would do by its arguments; parsed when first asked for. */
  readonly facts: CallFacts;
}

/** A trial as scorers read it. */
export interface ResolvedTrial {
  trial: Trial;
  bodies: BodyReader;
  /** What the task wants; empty where it says nothing. */
  contract: Contract;
  /** What a judge said of it; absent where none was asked. */
  judgements?: Judgements;
  /** All decided calls, in order. */
  calls: ResolvedCall[];
  /** The world before the first step; computed when first needed. */
  initialWorld(): InitialWorld;
  /** What a step wrote into text files; computed once. */
  written(step: Step): readonly WrittenText[];
  /** What `make` makes of this trial, made when first asked for. */
  once<T>(make: (trial: ResolvedTrial) => T): T;
}

/** Resolves a trial's calls once. Throws `bad-trace` where a body is missing. */
export function resolveTrial(trial: Trial, bodies: BodyReader, judgements?: Judgements): ResolvedTrial {
  const effects = new Map(
    [...(trial.formerTools ?? []), ...trial.tools].map((tool) => [tool.name, toldOf(tool)]),
  );
  const calls = trial.steps.flatMap((step) =>
    step.calls.map((call) => resolveCall(call, step, effects.get(call.tool), bodies)),
  );
  const texts = new Map<Step, WrittenText[]>();
  const written = (step: Step) => {
    const found = texts.get(step) ?? writtenIn(step, bodies, initialWorld);
    texts.set(step, found);
    return found;
  };
  const made = new Map<unknown, unknown>();
  const once = <T>(make: (trial: ResolvedTrial) => T): T => {
    if (!made.has(make)) made.set(make, make(resolved));
    return made.get(make) as T;
  };
  const initialWorld = () => once(worldOf);
  const resolved: ResolvedTrial = {
    trial,
    bodies,
    contract: trial.started.contract ?? {},
    ...(judgements && { judgements }),
    calls,
    initialWorld,
    written,
    once,
  };
  return resolved;
}

const worldOf = ({ trial, bodies }: ResolvedTrial) => initialWorldOf(trial, bodies);

type Told = Pick<ResolvedCall, 'declared' | 'undeclared'>;

/** What is declared of a tool, or guessed. Of imported tools nothing ever was, before traces said so. */
function toldOf({ name, description, declared, undeclared, server }: ListedTool): Told {
  if (!(undeclared ?? server === 'imported')) return { declared, undeclared: false };
  return guessed(name, description);
}

function guessed(name: string, description = ''): Told {
  const guess = guessEffect(name, description);
  return { undeclared: true, ...(guess && { declared: guess }) };
}

function resolveCall(call: Call, step: Step, listed: Told | undefined, bodies: BodyReader): ResolvedCall {
  const args = bodies.json(call.arguments) as JsonObject;
  const { called, returned } = call;
  const made = called !== undefined;
  const exitCode = exitCodeOf(call, bodies);
  let facts: CallFacts | undefined;
  return {
    call,
    step,
    args,
    question: `${call.tool} ${canonicalJson(args)} ${call.malformed ?? ''}`,
    ...(listed ??
      (made && returned?.errorClass !== 'unknown-tool' ? guessed(call.tool) : { undeclared: false })),
    tried: made || returned !== undefined,
    made,
    ok: returned !== undefined && !returned.isError,
    ...(exitCode !== undefined && { exitCode }),
    text: returned ? textOf(bodies.content(returned.content)) : '',
    get facts() {
      facts ??= callFacts(call.tool, args);
      return facts;
    },
  };
}

function exitCodeOf({ tool, returned }: Call, bodies: BodyReader): number | undefined {
  if (tool !== builtinTools.bash || returned?.structured === undefined) return undefined;
  const { exitCode } = (bodies.json(returned.structured) ?? {}) as { exitCode?: unknown };
  return typeof exitCode === 'number' ? exitCode : undefined;
}

/** Whether a call may have changed the state: made, with a tool that is not declared a read. */
export function mutates(call: ResolvedCall): boolean {
  return call.made && call.declared?.effect !== 'read';
}

/** The calls of a step, in order. */
export function callsOf(resolved: ResolvedTrial, step: number): readonly ResolvedCall[] {
  return resolved.once(byStep).get(step) ?? [];
}

const byStep = ({ calls }: ResolvedTrial) => groupBy(calls, ({ step }) => step.index);

/** The mutating call to which a step's changes can be attributed, where there is exactly one. */
export function soleMutation(resolved: ResolvedTrial, step: number): ResolvedCall | undefined {
  const mutating = callsOf(resolved, step).filter(mutates);
  return mutating.length === 1 ? mutating[0] : undefined;
}

/** Every text and number in a JSON value, in order, as text. */
export function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}
