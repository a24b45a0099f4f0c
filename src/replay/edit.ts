import { ProctorError } from '../errors.ts';
import type { Content } from '../schema/content.ts';
import type { Recording } from './recording.ts';

/** What is put before an agent in place of what really was. */
export interface Edits {
  instruction?: string;
  /** By call id. */
  shown: Map<string, Content[]>;
  /** By step: what the agent is told after it. */
  notices: Map<number, string>;
}

const expected =
  'expected message=TEXT, instruction=TEXT or observation:CALL=TEXT, such as observation:3.0=nothing';

/**
 * Reads edits as they are given on a command line, for a fork after `steps` steps; those that the recording was made with stay.
 * Throws `bad-flag`.
 */
export function readEdits(texts: readonly string[], recording: Recording, steps: number): Edits {
  const edits = editsOf(recording, steps);
  for (const text of texts) {
    const at = text.indexOf('=');
    const [target, value] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
    if (target === 'message') edits.notices.set(steps - 1, value);
    else if (target === 'instruction') edits.instruction = value;
    else if (target.startsWith('observation:'))
      edits.shown.set(observed(target.slice('observation:'.length), recording, steps), [
        { type: 'text', text: value },
      ]);
    else throw new ProctorError('bad-flag', `--edit ${text}: ${expected}`);
  }
  return edits;
}

function observed(callId: string, { trial }: Recording, steps: number): string {
  const calls = trial.steps.slice(0, steps).flatMap((step) => step.calls);
  if (calls.some((call) => call.callId === callId && call.returned)) return callId;
  throw new ProctorError(
    'bad-flag',
    `--edit observation:${callId}: no such call before the fork; there is ${calls.map((call) => call.callId).join(', ')}`,
  );
}

/** What a recorded agent was shown otherwise than it came back, and what it was told, in its first steps. */
export function editsOf({ trial, bodies }: Recording, steps: number): Edits {
  const shown = new Map<string, Content[]>();
  const notices = new Map<number, string>();
  for (const step of trial.steps.slice(0, steps)) {
    if (step.notice !== undefined) notices.set(step.index, step.notice);
    for (const { callId, returned } of step.calls) {
      if (returned?.shown && !returned.truncated) shown.set(callId, bodies.content(returned.shown));
    }
  }
  return { shown, notices };
}
