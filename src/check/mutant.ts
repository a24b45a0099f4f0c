import { callsOf } from '../agent/script.ts';
import { builtinTools, submitTool } from '../schema/builtin-tool.ts';
import { effectOf } from '../schema/effect.ts';
import type { Script } from '../schema/task.ts';
import type { Trial } from '../schema/trial.ts';

/** A reference with one call that changes something left out. */
export interface Mutant {
  /** `step.call` of what was left out, as in a trace's call ids. */
  dropped: string;
  tool: string;
  script: Script;
}

/**
 * Every mutant of a reference. What changes something is known from the tools' declared effects, and for a shell from
 * whether the state changed at that step when the oracle played it.
 */
export function mutantsOf(reference: Script, played: Trial): Mutant[] {
  return reference.flatMap((step, index) =>
    callsOf(step).flatMap((call, number) =>
      mutates(call, index, played)
        ? [{ dropped: `${index}.${number}`, tool: call.tool, script: without(reference, index, number) }]
        : [],
    ),
  );
}

/** Whether a call of the reference's step changes something. */
function mutates(
  call: ReturnType<typeof callsOf>[number],
  step: number,
  played: Pick<Trial, 'tools' | 'initial' | 'steps'>,
): boolean {
  if (call.tool === submitTool) return false;
  const listed = played.tools.find(({ name }) => name === call.tool);
  if (!listed) return false;
  const { effect } = effectOf(listed, call.arguments);
  if (effect !== 'exec') return effect !== 'read';
  const before = step === 0 ? played.initial?.digest : played.steps[step - 1]?.state?.digest;
  const after = played.steps[step]?.state?.digest;
  return before === undefined || after === undefined || before !== after;
}

function without(reference: Script, index: number, number: number): Script {
  return reference.flatMap((step, at) => {
    if (at !== index) return [step];
    const calls = callsOf(step).filter((_, n) => n !== number);
    const say = step.say === undefined ? {} : { say: step.say };
    return calls.length > 0 ? [{ ...say, calls }] : [];
  });
}

/** How many steps a detour says twice. */
const mostRepeats = 3;

/** The reference with extra reads: the first reading step of each tool twice, and a look around where there is a shell. */
export function detourOf(reference: Script, played: Trial): Script | undefined {
  const seen = new Set<string>();
  const steps = reference.flatMap((step, index) => {
    const calls = callsOf(step);
    const tools = calls.map(({ tool }) => tool).join(' ');
    const reads = calls.every((call) => call.tool !== submitTool && !mutates(call, index, played));
    if (!reads || seen.has(tools) || seen.size >= mostRepeats) return [step];
    seen.add(tools);
    return [step, step];
  });
  const hasShell = played.tools.some(
    ({ name, placement }) => name === builtinTools.bash && placement === 'builtin',
  );
  if (hasShell) return [{ tool: builtinTools.bash, arguments: { command: 'ls -la' } }, ...steps];
  return seen.size > 0 ? steps : undefined;
}
