import { programsIn } from './program.ts';
import type { ResolvedCall, ResolvedTrial } from './resolved-trial.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Commands that say little of what a call is for; left out where there are others. */
const setting = words(': cd pushd popd export set unset true source . echo printf sleep');
/** Programs that only run others, which stand for them. */
const wrapping = words(
  'bash sh zsh dash env nohup setsid command builtin exec time nice ionice timeout stdbuf xargs',
);

const mostPrograms = 8;
const mostCharacters = 60;

/** Stands between the programs of one call. */
const termSeparator = ' + ';

/**
 * What a call was for, in a few words: the name of its tool, and for file tools their command, for browsers their action, and
 * for shells the programs in the order in which they first run, each once: `bash find + rm`.
 */
export function termOf(call: ResolvedCall, trial: ResolvedTrial): string {
  const { facts, args } = call;
  const { tool } = call.call;
  if (facts.shell !== undefined) return `${tool} ${programsOf(call, trial).join(termSeparator)}`;
  const deed = facts.like !== undefined ? args.command : args.action;
  const isWord = typeof deed === 'string' && /^[\w-]{1,30}$/.test(deed);
  return isWord ? `${tool} ${deed}` : tool;
}

function programsOf({ facts: { commands } }: ResolvedCall, trial: ResolvedTrial): string[] {
  const programOf = programsIn(trial);
  const run = new Set(commands.flatMap(({ via }) => via));
  const own = commands.filter(({ name }) => !(wrapping.has(name) && run.has(name)));
  const telling = own.filter(({ name, writes }) => !setting.has(name) || writes.length > 0);
  const named = (telling.length > 0 ? telling : own).map((one) =>
    (programOf.get(one) ?? '').slice(0, mostCharacters),
  );
  const programs = [...new Set(named)];
  return programs.length === 0 ? ['?'] : programs.slice(0, mostPrograms);
}

/** The terms of a call apart, each with its tool: `bash find + rm` is `bash find` and `bash rm`. */
export function partsOf(term: string): string[] {
  const [first = term, ...rest] = term.split(termSeparator);
  const tool = first.slice(0, first.indexOf(' ') + 1);
  return [first, ...rest.map((program) => tool + program)];
}
