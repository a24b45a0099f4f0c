import { messageOf, ProctorError } from '../errors.ts';
import { displayPath, readAuthorFile } from '../schema/author-file.ts';
import { textOf } from '../schema/content.ts';
import type { Json } from '../schema/json.ts';
import { type Script, script } from '../schema/task.ts';
import type { View } from '../schema/view.ts';
import type { AgentSession } from './agent.ts';

/** Reads a script. Throws `bad-file` with the path, the index of the step and what was expected. */
export function readScript(file: string): Script {
  const steps = readAuthorFile(file, script);
  steps.forEach((step, index) => {
    for (const pattern of observedPatterns(step)) checkPattern(pattern, `${displayPath(file)}: [${index}]`);
  });
  return steps;
}

function checkPattern(pattern: string, where: string): void {
  try {
    new RegExp(pattern);
  } catch (cause) {
    const problem = `{{observed:${pattern}}}: expected a regular expression (${messageOf(cause)})`;
    throw new ProctorError('bad-file', `${where}: ${problem}`, { cause });
  }
}

/** Plays a script by the number of steps taken so far; past its end it stops as done. */
export function scriptSession(script: Script): AgentSession {
  return {
    decide: async (view) => {
      const step = script[view.steps.length];
      if (!step) return { calls: [], stop: 'done' };
      return {
        ...(step.say !== undefined && { text: step.say }),
        calls: callsOf(step).map((call) => ({
          tool: call.tool,
          arguments: fillObserved(call.arguments, view),
        })),
      };
    },
    close: async () => {},
  };
}

/** The calls of one decision of a script. */
export function callsOf(step: Script[number]) {
  return 'calls' in step ? step.calls : [step];
}

const placeholder = /\{\{observed:(.+?)\}\}(?!\})/g;

/** The patterns of all `{{observed:REGEX}}` in a JSON value. */
function observedPatterns(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(placeholder)].map((match) => match[1] ?? '');
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(observedPatterns);
}

/**
 * Puts what was observed in the place of every `{{observed:REGEX}}`: the first capture group (the whole match
 * where there is none) of the latest match over the observations shown so far. Throws where nothing matches.
 */
function fillObserved<T extends Json>(value: T, view: View): T;
function fillObserved(value: Json, view: View): Json {
  if (typeof value === 'string')
    return value.replace(placeholder, (_, pattern) => latestMatch(pattern, view));
  if (Array.isArray(value)) return value.map((item) => fillObserved(item, view));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillObserved(item, view)]));
}

function latestMatch(pattern: string, view: View): string {
  const observations = view.steps.flatMap((step) => step.observations);
  for (const { content } of observations.reverse()) {
    const match = [...textOf(content).matchAll(new RegExp(pattern, 'gm'))].at(-1);
    if (match) return match[1] ?? match[0];
  }
  throw new Error(
    `step ${view.steps.length} of the script: nothing observed matches {{observed:${pattern}}}`,
  );
}
