import { posix } from 'node:path';
import { shellWord } from '../sandbox/shell-word.ts';
import { builtinTools, submitTool } from '../schema/builtin-tool.ts';
import type { StateChange } from '../schema/state.ts';
import { sha256Of } from '../schema/state.ts';
import type { Script } from '../schema/task.ts';
import { resolveDecision } from '../trace/stored-decision.ts';
import type { CheckedTrial } from './checked-trial.ts';

type Played = Pick<CheckedTrial, 'trial' | 'bodies'>;

/**
 * What somebody would do who knows nothing but how another instance was solved: leave the very files that its oracle left, or, where the
 * state is a server's, make its very calls; and give its answer. Undefined where a file is not recorded.
 */
export function borrowedAnswer({ trial, bodies }: Played): Script | undefined {
  const decisions = trial.steps.map((step) => resolveDecision(step.decision, bodies));
  const calls = decisions.flatMap((decision) => decision.calls);
  const submitted = calls.filter(({ tool }) => tool === submitTool);
  if (trial.started.environment.state !== 'files')
    return decisions.map((decision) => ({
      calls: decision.calls.map((call) => ({ tool: call.tool, arguments: call.arguments })),
    }));
  const commands = leftFiles({ trial, bodies })?.map(({ path, text }) => leave(path, text));
  if (!commands || commands.length + submitted.length === 0) return undefined;
  return [
    ...commands.map((command) => ({ tool: builtinTools.bash, arguments: { command } })),
    ...submitted.map(({ tool, arguments: args }) => ({ tool, arguments: args })),
  ];
}

/** The files that are otherwise than at the start, with their last text; null for one that is gone. */
export function leftFiles({ trial, bodies }: Played): { path: string; text: string | null }[] | undefined {
  const texts = new Map<string, string>();
  const last = new Map<string, StateChange>();
  for (const { state } of trial.steps) {
    for (const [digest, body] of Object.entries(state?.contents ?? {})) texts.set(digest, bodies.text(body));
    for (const change of state?.changes ?? []) last.set(change.path, change);
  }
  const left: { path: string; text: string | null }[] = [];
  for (const [path, { after }] of last) {
    const digest = sha256Of(after);
    const text = digest === undefined ? undefined : texts.get(digest);
    if (after === undefined) left.push({ path, text: null });
    else if (digest !== undefined && text === undefined) return undefined;
    else if (text !== undefined) left.push({ path, text });
  }
  return left;
}

export function leave(path: string, text: string | null): string {
  const file = shellWord(path);
  if (text === null) return `rm -rf ${file}`;
  const folder = shellWord(posix.dirname(path));
  return `mkdir -p ${folder} && printf %s ${Buffer.from(text).toString('base64')} | base64 -d > ${file}`;
}
