import type { ExecResult, Sandbox } from '../../sandbox/sandbox.ts';
import { builtinTools } from '../../schema/builtin-tool.ts';
import type { OwnMeta } from '../call-outcome.ts';
import type { CallToolResult, InProcessTool } from '../mcp.ts';

const maxCommandChars = 1_000_000;

/** The shell of the sandbox. A non-zero exit is data; only a time-out is an error. */
export function bashTool(sandbox: Sandbox, captureBytes: number): InProcessTool {
  return {
    name: builtinTools.bash,
    description: describe(sandbox),
    inputSchema: {
      type: 'object',
      properties: {
        command: {
          type: 'string',
          minLength: 1,
          maxLength: maxCommandChars,
          description: 'The command line.',
        },
        timeout_seconds: {
          type: 'number',
          exclusiveMinimum: 0,
          description: 'After this many seconds the command and all it started in the foreground are killed.',
        },
      },
      required: ['command'],
      additionalProperties: false,
    },
    annotations: { destructiveHint: true },
    async call({ command, timeout_seconds: seconds }, { signal, timeoutMs }) {
      const limitMs = Math.min(typeof seconds === 'number' ? seconds * 1000 : timeoutMs, timeoutMs);
      const result = await sandbox.exec(command as string, { timeoutMs: limitMs, signal, captureBytes });
      return resultOf(result, limitMs, captureBytes);
    },
  };
}

function resultOf(result: ExecResult, limitMs: number, captureBytes: number): CallToolResult {
  const { exitCode, timedOut, captureCut } = result;
  const stdout = result.stdout.toString();
  const stderr = result.stderr.toString();
  const parts = [
    stdout,
    stderr && `[stderr]\n${stderr}`,
    timedOut && `[timed out after ${limitMs / 1000} s; the command was killed]`,
    captureCut && `[output passed ${captureBytes} bytes; the command was killed]`,
    !timedOut && !captureCut && exitCode !== 0 && `[exit code ${exitCode}]`,
  ].filter((part) => typeof part === 'string' && part !== '') as string[];
  const text = parts.map((part, index) => (index === parts.length - 1 ? part : endLine(part))).join('');
  const proctor: OwnMeta['proctor'] = { captureCut, ...(timedOut && { errorClass: 'timeout' }) };
  return {
    content: [{ type: 'text', text: text || '[no output]' }],
    structuredContent: { exitCode, timedOut },
    ...(timedOut && { isError: true }),
    _meta: { proctor },
  };
}

const endLine = (text: string) => (text.endsWith('\n') ? text : `${text}\n`);

const surroundings: Record<string, string> = {
  docker:
    'It runs in a Linux container. Jobs put into the background with & live on after their call, but what they print then is lost: ' +
    'redirect it to a file.',
  embedded:
    'It runs in a simulated shell with an in-memory file system: common text and file commands, jq, sqlite3 and python3 (standard ' +
    'library) are there; there is no network, package manager, compiler or service, there are no other users, and nothing runs on in ' +
    'the background after a call.',
};

function describe({ info }: Sandbox): string {
  return (
    `Runs a command line in bash as the user ${info.user}, starting in ${info.workdir}. ${surroundings[info.provider] ?? 'It runs in a sandbox.'} ` +
    'Every call is a new shell: the working directory and exported variables carry over to the next call; shell functions, aliases, ' +
    'options and variables that are not exported do not. There is no input: programs that ask questions get an end of file. ' +
    'Shown are stdout, then stderr under [stderr], and the exit code where it is not 0. Long output is cut in the middle.'
  );
}
