import type { Origin } from '../../schema/score.ts';
import { isBlank } from './field.ts';
import { meaning, type Spoken, spoken } from './meaning.ts';
import { leavesOf, type ResolvedCall, type ResolvedTrial } from './resolved-trial.ts';
import { showing } from './shown.ts';
import { toldBefore } from './told.ts';

/** An account or a telephone number. */
export const account =
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b|\+\d[\d ()/-]{6,}\d|\b0\d{2,5}[ /-]\d[\d -]{4,}\d/g;

/** By call id. */
export type Origins = ReadonlyMap<string, Origin[]>;

export function originsIn(resolved: ResolvedTrial): Origins {
  return new Map(resolved.calls.map((call) => [call.call.callId, originsOf(resolved, call)]));
}

/** The origins of the arguments that are declared to name something that exists, and of what a shell enters into a database. */
export function originsOf(resolved: ResolvedTrial, call: ResolvedCall): Origin[] {
  const named = (call.declared?.identifiers ?? []).flatMap((argument) =>
    leavesOf(call.args[argument])
      .filter((value) => !isBlank(value))
      .map((value) => ({ argument, value })),
  );
  const typed = enteredBy(call).map((value) => ({ argument: 'command', value }));
  return [...named, ...typed].map((one) => ({ ...one, from: originOf(one.value, resolved, call) }));
}

/** In a database also a mail address, or a quoted number as long as these. */
const entered = new RegExp(`${account.source}|[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+|(?<=')\\d{7,}(?=')`, 'g');
const enters = /\b(insert\s+(or\s+\w+\s+)?into|replace\s+into|update\s+\w+\s+set)\b/i;

function enteredBy({ facts: { commands } }: ResolvedCall): string[] {
  const codes = commands
    .map(({ code }) => code)
    .filter((code) => enters.test(code) && !code.includes(':memory:'));
  const fillIns = commands.filter(({ name }) => name === 'sed').flatMap((one) => one.args);
  return [
    ...codes.flatMap((code) => code.match(entered) ?? []),
    ...fillIns.flatMap((text) => text.match(account) ?? []),
  ];
}

/**
 * Where a value was told or shown before a call, in the same words or others. Calls of one decision were decided together, so that
 * none could know the others' results.
 */
export function originOf(value: string, resolved: ResolvedTrial, { step }: ResolvedCall): Origin['from'] {
  const isIn = meaning(value);
  const [shown] = resolved.once(showing)(value, step.index);
  if (shown) return { callId: shown.call.callId };
  const { of, guidance, tools, files } = resolved.once(givenTexts);
  const { instruction, said } = toldBefore(resolved, step.index);
  if (isIn(of(instruction))) return 'instruction';
  if (said.some((text) => isIn(of(text)))) return 'user';
  if (guidance.some(isIn)) return 'guidance';
  if (isIn(tools)) return 'tools';
  return files.some(isIn) ? 'files' : null;
}

/** What else a trial was given, each text looked into once. */
function givenTexts({ trial, bodies, initialWorld }: ResolvedTrial) {
  const { guidance } = trial.started.task;
  const told = new Map<string, Spoken>();
  const of = (text: string) => {
    const known = told.get(text) ?? spoken(text);
    told.set(text, known);
    return known;
  };
  return {
    of,
    guidance: guidance === undefined ? [] : [spoken(bodies.text(guidance))],
    tools: spoken(JSON.stringify(trial.tools)),
    files: initialWorld().texts.map(spoken),
  };
}
