import type { Feature } from '../feature.ts';
import type { ResolvedCall, ResolvedTrial } from '../trial/resolved-trial.ts';

/** What is looked for in the text of a failed call; the first that fits is why it failed. */
const classes: readonly { id: string; what: string; of: RegExp }[] = [
  {
    id: 'command-not-found',
    what: 'called a program that is not there',
    of: /command not found|: not found$|is not recognized as an internal or external command|executable file not found/m,
  },
  {
    id: 'module-not-found',
    what: 'ran a program that lacks a library',
    of: /No module named|ModuleNotFoundError|ImportError|Cannot find (module|package)|cannot open shared object|no required module provides/,
  },
  {
    id: 'permission-denied',
    what: 'was not permitted to do something',
    of: /permission denied|operation not permitted|EACCES|EPERM|access (is )?denied|\b403\b.*forbidden|read-only file system/i,
  },
  {
    id: 'no-such-file',
    what: 'named a file that is not there',
    of: /no such file or directory|ENOENT|FileNotFoundError|(file|path|directory)\b[^\n]{0,80}(does not exist|not found)|cannot find the (file|path)/i,
  },
  {
    id: 'no-network',
    what: 'tried to reach a network that does not answer',
    of: /could not resolve host|name or service not known|temporary failure in name resolution|network is unreachable|connection (refused|reset|timed out)|ECONNREFUSED|ENOTFOUND|failed to establish a new connection/i,
  },
  {
    id: 'syntax-error',
    what: 'wrote code that does not parse',
    of: /SyntaxError|IndentationError|syntax error|unexpected (token|end of (file|input))|parse error/i,
  },
  {
    id: 'text-not-found',
    what: 'tried to replace text that is not there, or not there once',
    of: /(old_str|old_string|text|string|search)\b[^\n]{0,60}(not found|did not appear|no match|multiple (matches|occurrences)|not unique|appears \d+ times|stands .* times)/i,
  },
  {
    id: 'test-failure',
    what: 'ran tests that failed',
    of: /\b[1-9]\d* (tests? )?(failed|failing)\b|\bFAILED\b|AssertionError|^not ok \d/m,
  },
];

const invalid =
  /invalid (argument|parameter|input|option)|missing (\d+ )?required|unrecognized (argument|option)|invalid option|validation error|^usage:/im;

/** Characters at either end of a text that are looked at. */
const ends = 4000;

/** Whether a call failed: the tool said so, or its command ended with an exit code. Denials and interruptions are no failures. */
export function isFailure({ call: { returned }, exitCode = 0 }: ResolvedCall): boolean {
  if (!returned || returned.source === 'policy') return false;
  if (returned.errorClass === 'denied' || returned.errorClass === 'interrupted') return false;
  return returned.isError || exitCode !== 0;
}

/** The classes of all calls of a trial that failed. */
const failureClasses = ({ calls }: ResolvedTrial): ReadonlySet<string> =>
  new Set(calls.filter(isFailure).map(classOf));

function classOf({ call: { returned, malformed }, text }: ResolvedCall): string {
  if (returned?.errorClass === 'timeout') return 'call-timed-out';
  if (returned?.errorClass === 'unknown-tool') return 'unknown-tool';
  if (returned?.errorClass === 'schema' || malformed !== undefined) return 'invalid-arguments';
  const looked = text.length <= 2 * ends ? text : `${text.slice(0, ends)}\n${text.slice(-ends)}`;
  const known = classes.find(({ of }) => of.test(looked))?.id;
  return known ?? (invalid.test(looked) ? 'invalid-arguments' : 'other-failure');
}

const others = [
  { id: 'invalid-arguments', what: 'called a tool or program with arguments that it does not take' },
  { id: 'unknown-tool', what: 'called a tool that does not exist' },
  { id: 'call-timed-out', what: 'made a call that ran out of time' },
  { id: 'other-failure', what: 'made a call that failed in another way' },
];

/** For each class of failed calls, whether the agent made one. */
export const failedCalls: readonly Feature[] = [...classes, ...others].map(({ id, what }) => ({
  id,
  what,
  calls: 'some',
  tell: ({ trial }) => trial.once(failureClasses).has(id),
}));
