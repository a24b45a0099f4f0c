import { callsOf } from '../agent/script.ts';
import { builtinTools, submitTool } from '../schema/builtin-tool.ts';
import type { Script } from '../schema/task.ts';
import type { Trial } from '../schema/trial.ts';
import { mutates } from './mutant.ts';

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
