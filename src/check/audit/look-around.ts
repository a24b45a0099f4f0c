import type { Agent } from '../../agent/agent.ts';
import { builtinTools, submitTool } from '../../schema/builtin-tool.ts';
import { textOf } from '../../schema/content.ts';
import type { CheckedTrial } from '../checked-trial.ts';

const look = [
  "{ find / -name reward.txt 2>/dev/null; find / -name reward.json 2>/dev/null; } | grep -v '^/proc/' | sort -u | while read -r one",
  'do [ -r "$one" ] && echo "can read $one"; [ -w "$one" ] && echo "can write $one"',
  'done; for one in /tests/* /solution/* /logs/verifier/*; do [ -r "$one" ] && echo "can read $one"; done; true',
].join('; ');

/** In each phase looks with the agent's rights for rewards, tests and solutions, and submits. */
export function lookAroundAgent(): Agent {
  return {
    id: 'look-around',
    open: async () => ({
      decide: async (view) =>
        view.steps.length % 2 === 0
          ? { calls: [{ tool: builtinTools.bash, arguments: { command: look } }] }
          : { calls: [{ tool: submitTool, arguments: {} }] },
      close: async () => {},
    }),
  };
}

/** What it could read or write, a line for each; undefined where its look came to nothing. */
export function seenBy({ trial, bodies }: CheckedTrial): string[] | undefined {
  const calls = trial.steps.flatMap((step) => step.calls.filter(({ tool }) => tool === builtinTools.bash));
  if (calls.length === 0 || calls.some(({ returned }) => !returned || returned.isError)) return undefined;
  const lines = calls.flatMap(({ returned }) => textOf(bodies.content(returned?.content ?? [])).split('\n'));
  return [...new Set(lines.filter((line) => /^can (read|write) \//.test(line)))];
}
