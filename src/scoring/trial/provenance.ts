import type { Origin } from '../../schema/score.ts';
import { shownText } from './exposure.ts';
import { leavesOf, type ResolvedCall, type ResolvedTrial } from './resolved-trial.ts';

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
    leavesOf(call.args[argument]).map((value) => ({ argument, value })),
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

/** Calls of one decision were decided together, so that none could know the others' results. */
export function originOf(value: string, resolved: ResolvedTrial, { step }: ResolvedCall): Origin['from'] {
  const { instruction, guidance } = resolved.trial.started.task;
  const earlier = resolved.calls.filter((other) => other.step.index < step.index);
  const shown = earlier.findLast((other) => stands(value, shownText(resolved, other)));
  if (shown) return { callId: shown.call.callId };
  if (stands(value, resolved.bodies.text(instruction))) return 'instruction';
  if (guidance !== undefined && stands(value, resolved.bodies.text(guidance))) return 'guidance';
  if (stands(value, JSON.stringify(resolved.trial.tools))) return 'tools';
  return resolved.initialWorld().texts.some((text) => stands(value, text)) ? 'files' : null;
}

/** Whether a value stands in a text as a word of its own. */
export function stands(value: string, text: string): boolean {
  const letter = /[A-Za-z0-9]/;
  for (let at = text.indexOf(value); at >= 0 && value !== ''; at = text.indexOf(value, at + 1)) {
    const [before, after] = [text[at - 1] ?? '', text[at + value.length] ?? ''];
    if (!letter.test(before) && !letter.test(after)) return true;
  }
  return false;
}
