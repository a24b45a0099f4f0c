import { createInterface } from 'node:readline/promises';
import { harmless } from '../format.ts';
import { describeDifference } from '../replay/difference.ts';
import type { Place } from '../replay/stop.ts';
import type { Sandbox, Terminal } from '../sandbox/sandbox.ts';
import type { Toolbox } from '../tool/toolbox.ts';
import { answerTo, type Prompted } from './interactive-prompt.ts';

/** Milliseconds that one command or call at the prompt may take. */
const callMs = 600_000;

/** Puts the user into a rebuilt sandbox until they leave: its own shell, a line prompt, or one for its tools where it has no shell. */
export async function visit(place: Place, banner: string): Promise<void> {
  const terminal = { stdin: process.stdin, stdout: process.stdout };
  const { sandbox, toolbox, difference } = place;
  const say = (line: string) => void terminal.stdout.write(`${harmless(line)}\n`);
  say(banner);
  if (difference) say(`the rebuilt steps are not as recorded: ${describeDifference(difference)}`);
  if (sandbox?.enter) {
    say('leave with exit; the sandbox goes with you');
    return sandbox.enter(terminal, await directoryOf(sandbox));
  }
  const answer = async (line: string, signal: AbortSignal) =>
    say(await answerTo(line, toolsOf(toolbox, signal)));
  if (sandbox) {
    say(
      'one command per line, or call NAME {"argument": "value"}; leave with exit; the sandbox goes with you',
    );
    return prompt(terminal, '$ ', (line, signal) =>
      /^(help|tools)$|^call\s/.test(line) ? answer(line, signal) : run(sandbox, line, terminal, signal),
    );
  }
  const names = toolbox.list().map(({ name }) => name);
  say(`tools: ${names.join(', ')}`);
  say('call one with: NAME {"argument": "value"}; try: help; leave with exit');
  return prompt(terminal, '> ', answer);
}

function toolsOf(toolbox: Toolbox, signal: AbortSignal): Prompted {
  return {
    tools: () => toolbox.list(),
    call: (name, args) => toolbox.call(name, args, { signal, timeoutMs: callMs }),
  };
}

/** Where the agent's own shell stands. */
async function directoryOf(sandbox: Sandbox): Promise<string> {
  const { stdout, exitCode } = await sandbox.exec('pwd', { timeoutMs: 10_000 });
  return exitCode === 0 ? stdout.toString('utf8').trim() : sandbox.info.workdir;
}

/** Asks for lines until the user leaves. Ctrl-C stops what is being answered, or drops the line that is being typed. */
async function prompt(
  { stdin, stdout }: Terminal,
  sign: string,
  answer: (line: string, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const terminal = stdin.isTTY && stdout.isTTY;
  const lines = createInterface({ input: stdin, output: stdout, terminal, prompt: sign });
  const answered = (line: string, signal: AbortSignal) =>
    answer(line, signal).catch((error) => {
      if (!signal.aborted) throw error;
      stdout.write('[stopped]\n');
    });
  let answering: AbortController | undefined;
  lines.on('SIGINT', () => {
    if (answering) return answering.abort();
    stdout.write('^C\n');
    lines.write(null, { ctrl: true, name: 'e' });
    lines.write(null, { ctrl: true, name: 'u' });
    lines.prompt();
  });
  lines.prompt();
  for await (const line of lines) {
    if (/^(exit|quit)\b/.test(line.trim())) break;
    answering = new AbortController();
    if (line.trim() !== '') await answered(line.trim(), answering.signal);
    answering = undefined;
    lines.prompt();
  }
  lines.close();
}

async function run(
  sandbox: Sandbox,
  command: string,
  { stdout }: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const result = await sandbox.exec(command, { timeoutMs: callMs, signal });
  for (const output of [result.stdout, result.stderr]) stdout.write(harmless(output.toString('utf8')));
  if (result.exitCode !== 0) stdout.write(`[exit code ${result.exitCode}]\n`);
}
