import { posix } from 'node:path';
import type { Agent } from '../../agent/agent.ts';
import { shellWord } from '../../sandbox/shell-word.ts';
import { builtinTools, submitTool } from '../../schema/builtin-tool.ts';
import { wordsSeen } from './random-tool.ts';

/**
 * Guesses everything at once: lists the numbers to 999 and all that its files say, puts that wherever the reference leaves something, and
 * answers with all words it has seen.
 */
export function answerLister(outputs: readonly string[]): Agent {
  const list = '/tmp/all-answers';
  const command = [
    `{ seq 0 999; find . -type f | sort | while read -r one; do cat "$one"; done; } > ${list}`,
    ...outputs.map((path) => `mkdir -p ${shellWord(posix.dirname(path))} && cp ${list} ${shellWord(path)}`),
    `head -c 60000 ${list}`,
  ].join('; ');
  return {
    id: 'answer-lister',
    open: async () => ({
      decide: async (view) => {
        const listed = view.steps.length > 0 || !view.tools.some(({ name }) => name === builtinTools.bash);
        return listed
          ? { calls: [{ tool: submitTool, arguments: { answer: wordsSeen(view).join(' ') } }] }
          : { calls: [{ tool: builtinTools.bash, arguments: { command } }] };
      },
      close: async () => {},
    }),
  };
}
