import { createInterface } from 'node:readline';
import type { Prompter } from '../agent/human.ts';

/** The terminal, or a pipe in its place, one line at a time. */
export interface TerminalPrompter extends Prompter {
  close(): void;
}

/** Prompts at standard output for lines of standard input. Lines that come early wait; only a question keeps the process alive. */
export function openPrompter(
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WriteStream = process.stdout,
): TerminalPrompter {
  const lines = createInterface({ input, output, terminal: input.isTTY && output.isTTY });
  const waiting: string[] = [];
  let ended = false;
  let wake = () => {};
  lines.on('line', (line) => {
    waiting.push(line);
    wake();
  });
  lines.on('close', () => {
    ended = true;
    wake();
  });
  lines.pause();
  lines.on('SIGINT', () => process.emit('SIGINT'));
  return {
    say: (text) => void output.write(`${text}\n`),
    async ask(prompt, signal) {
      lines.setPrompt(prompt);
      if (!ended) lines.prompt();
      const stop = () => wake();
      signal.addEventListener('abort', stop);
      while (waiting.length === 0 && !ended && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      signal.removeEventListener('abort', stop);
      lines.pause();
      signal.throwIfAborted();
      return waiting.shift();
    },
    close: () => lines.close(),
  };
}
