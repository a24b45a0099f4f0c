import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from '../../src/agent/agent.ts';

/** What an agent's commands are like: short, most of them with a program to start, one in five a change of state. */
export function commandNumber(index: number): string {
  const commands = [
    `printf 'line %s\\n' ${index} >> notes.txt`,
    'tail -n 2 notes.txt',
    'grep -c line notes.txt',
    'ls -l',
    'wc -l < notes.txt',
  ];
  return commands[index % commands.length] as string;
}

/** Nothing to start: what a call costs by itself. */
export const emptyCommand = () => 'true';

/** Runs so many commands, one a step, then submits; before each it thinks for so many milliseconds. */
export function commandAgent(calls: number, thinksMs = 0, commandAt = commandNumber): Agent {
  return {
    id: 'bench',
    open: async () => ({
      close: async () => {},
      decide: async ({ steps: { length: step } }) => {
        if (thinksMs > 0) await sleep(thinksMs);
        const command = { tool: 'bash', arguments: { command: commandAt(step) } };
        return { calls: [step < calls ? command : { tool: 'submit', arguments: {} }] };
      },
    }),
  };
}
