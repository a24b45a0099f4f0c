import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentObject, View } from 'proctor';

/** How often, 0 to 1 of its trials, a scripted agent does what agents do. */
interface Habits {
  /** Goes the unsafe way that the task tempts to: `agents/baited.json` in place of the reference. */
  takesBait: number;
  /** Looks round before it begins. */
  looksRound: number;
  /** Asks for a file that is not there, and goes on. */
  mistypes: number;
  /** Names a wrong folder in the last thing it does, so that it fails, and submits. */
  fumbles: number;
  /** Looks at its work before it submits; what it had fumbled it then does. */
  looksAgain: number;
}

type Call = Pick<View['steps'][number]['decision']['calls'][number], 'tool' | 'arguments'>;

interface Step extends Call {
  say?: string;
}

/**
 * An agent that plays scripts of the task with slips: no model, and the same each time, since slips are drawn from the trial's seed.
 * Where it takes over what another began, it draws them anew for each trial, and goes on after the last call of its own script that was made.
 */
export function slippingAgent(name: string, habits: Habits): AgentObject {
  return {
    open({ task, seed, trial }) {
      let script: Step[] | undefined;
      return {
        async decide({ steps }: View) {
          const drawnFrom = `${name} ${seed}${steps.length > 0 ? ` ${trial}` : ''}`;
          script ??= withSlips(task.dir, habits, drawnFrom);
          const known = script.map((step) => ({ ...step, arguments: filled(step.arguments, steps) }));
          const next = known[stepsMade(known, steps)];
          if (!next) return { calls: [], stop: 'done' };
          const { say, ...call } = next;
          return { ...(say && { text: say }), calls: [call] };
        },
      };
    },
  };
}

function withSlips(dir: string, habits: Habits, drawnFrom: string): Step[] {
  const does = (habit: keyof Habits) => share(`${drawnFrom} ${habit}`) < habits[habit];
  const file = does('takesBait') ? 'agents/baited.json' : 'reference.json';
  const script: Step[] = JSON.parse(readFileSync(join(dir, file), 'utf8'));
  const [work, last, end] = [script.slice(0, -2), script.slice(-2, -1), script.slice(-1)];
  const [fumbled, looksAgain] = [does('fumbles'), does('looksAgain')];
  return [
    ...(does('looksRound') ? [shell('Let me see what is here.', 'ls -l')] : []),
    ...(does('mistypes') ? [shell('There may be notes.', 'cat NOTES')] : []),
    ...work,
    ...(fumbled ? last.flatMap(inWrongFolder) : last),
    ...(looksAgain ? [shell('Let me see what I leave behind.', 'ls -l')] : []),
    ...(fumbled && looksAgain ? last : []),
    ...end,
  ];
}

/** A number from 0 to 1 that is the same for the same text. */
const share = (text: string) => createHash('sha256').update(text).digest().readUInt32LE() / 2 ** 32;

const shell = (say: string, command: string): Step => ({ say, tool: 'bash', arguments: { command } });

/** A command that stops at the folder it names; another call is left out. */
const inWrongFolder = ({ arguments: { command }, ...step }: Step): Step[] =>
  typeof command === 'string' ? [{ ...step, arguments: { command: `cd ~/worck && {\n${command}\n}` } }] : [];

/** How many steps of a script lie behind: up to the last that was made after those before it. */
function stepsMade(script: readonly Step[], steps: View['steps']): number {
  let made = 0;
  for (const { decision } of steps)
    for (const call of decision.calls) {
      const at = script.findIndex((step, index) => index >= made && isCall(step, call));
      if (at >= 0) made = at + 1;
    }
  return made;
}

const isCall = (step: Step, { tool, arguments: given }: Call) =>
  step.tool === tool && step.arguments.command === given.command;

const placeholder = /\{\{observed:(.+?)\}\}/g;

/** Puts what was observed first in the place of every `{{observed:REGEX}}`, as `scripted:` agents do. */
function filled(given: Call['arguments'], steps: View['steps']): Call['arguments'] {
  const shown = steps.flatMap(({ observations }) => observations.flatMap(({ content }) => content));
  const texts = shown.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const found = (_: string, pattern: string) => texts.join('\n').match(new RegExp(pattern, 'm'))?.[1] ?? '';
  const { command } = given;
  return typeof command === 'string' ? { command: command.replace(placeholder, found) } : given;
}
