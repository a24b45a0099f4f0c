import { randomBytes } from 'node:crypto';
import type { Channel } from './channel.ts';
import type { OutputStream } from './demultiplexer.ts';
import { type Frame, frameReader } from './frame.ts';
import { quote } from './quote.ts';

/**
 * One waiting shell per command, started before the command comes: it reads a line that puts it into the right state and tells its process id,
 * then the command's line. `setsid` makes it the leader of its own process group. Its end is told on both streams.
 */
const supervisor = [
  'IFS= read -r nonce',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own expansion
  'b=$(export -p); LC_ALL=C; printf "%s initial %s\\n%s" "$nonce" "${#b}" "$b"',
  'IFS= read -r line; eval "$line"',
  's=sh; command -v bash >/dev/null 2>&1 && s=bash',
  'exec 3>&2 2>/dev/null',
  'while :; do (exec setsid "$s" -c "$1" "$s" "$2" 2>&3 3>&-); ' +
    'c=$?; printf "%s end %s\\n" "$nonce" "$c"; printf "%s end %s\\n" "$nonce" "$c" >&3; done',
].join('; ');

const waiter =
  'n=$1; IFS= read -r line && eval "$line" && IFS= read -r line || kill -KILL $PPID; eval "$line"';

export const supervisorArgv = ['sh', '-c', supervisor, 'sh', waiter, '\n'];

/** What a shell keeps from one command to the next. */
export interface ShellState {
  directory: string;
  /** Shell commands that export the variables, as `export -p` printed them. */
  environment: string;
}

export interface CommandEnd {
  /** Null where the shell went away before it could tell. */
  exitCode: number | null;
  state?: ShellState;
}

export interface ShellStream {
  /** The variables this stream's process was started with. */
  readonly environment: Promise<string>;
  /** Puts the waiting shell into a state; resolves with its process id, or null where the stream is gone. */
  prepare(state: ShellState, fallbackDirectory: string): Promise<number | null>;
  run(
    command: string,
    env: string,
    onOutput: (stream: OutputStream, bytes: Buffer) => void,
  ): Promise<CommandEnd>;
  readonly channel: Channel;
}

export function shellStream(channel: Channel): ShellStream {
  const nonce = randomBytes(16).toString('hex');
  const halves = `'${nonce.slice(0, 16)}' '${nonce.slice(16)}'`;
  let onOutput: (stream: OutputStream, bytes: Buffer) => void = () => {};
  let ended: ((end: CommandEnd) => void) | undefined;
  let ready: ((pid: number | null) => void) | undefined;
  let start: ((environment: string) => void) | undefined;
  let state: ShellState | undefined;
  let ends = 0;

  const environment = new Promise<string>((resolve) => {
    start = resolve;
  });
  const onFrame = ({ kind, numbers, payload }: Frame) => {
    if (kind === 'initial') start?.(payload.toString());
    if (kind === 'ready') ready?.(numbers[0] ?? null);
    if (kind === 'state') state = stateFrom(payload, numbers[1] ?? 0);
    if (kind === 'end' && ++ends === 2) {
      ended?.({ exitCode: numbers[0] ?? null, ...(state && { state }) });
    }
  };
  const reader = (stream: OutputStream) => frameReader(nonce, (bytes) => onOutput(stream, bytes), onFrame);
  const readers = { 1: reader(1), 2: reader(2) };
  channel.onOutput((stream, data) => readers[stream](data));
  channel.closed.then(() => {
    start?.('');
    ready?.(null);
    ended?.({ exitCode: null });
  });
  channel.write(`${nonce}\n`);
  const unset = environment.then((text) => {
    const names = [...text.matchAll(/^(?:export|declare -\w+) ([A-Za-z_]\w*)/gm)].map(([, name]) => name);
    channel.write(`unset ${names.filter((name) => name !== 'PATH').join(' ')} LC_ALL\n`);
  });

  return {
    channel,
    environment,
    prepare: async ({ directory, environment: variables }, fallback) => {
      await unset;
      if (channel.isClosed) return null;
      const restore =
        `cd ${quote(directory)} 2>/dev/null || cd ${quote(fallback)} 2>/dev/null || cd /; ` +
        `unset PATH; eval ${quote(variables)}; `;
      return new Promise((resolve) => {
        ready = resolve;
        channel.write(`exec 9>&1; ${restore}printf '%s%s ready %s\\n' ${halves} $$\n`);
      });
    },
    run: (command, env, listener) => {
      onOutput = listener;
      ends = 0;
      state = undefined;
      return new Promise((resolve) => {
        ended = (end) => {
          onOutput = () => {};
          ended = undefined;
          resolve(end);
        };
        if (channel.isClosed) ended({ exitCode: null });
        channel.write(`${commandLine(command, env, halves)}\n`);
      });
    },
  };
}

/**
 * The command, and what tells its end state. The nonce is never whole in a variable or trap, so that `set`, `trap` or `ps` can't print
 * it, and nothing of ours is left in the positional parameters.
 */
function commandLine(command: string, env: string, halves: string): string {
  const tell =
    '__b=$(export -p); LC_ALL=C; ' +
    `printf "%s%s state %s %s\\n%s%s" ${halves} "\${#PWD}" "\${#__b}" "$PWD" "$__b" 2>/dev/null >&9`;
  const quietly = (assignment: string) => `{ ${assignment}; set +euxv; } 2>/dev/null`;
  const atExit = `${quietly('__q=$?')}; [ "$__r" ] && exit $__r; __r=$__q; ${tell}; exit $__r`;
  return (
    `exec </dev/null; ${env}trap ${quote(atExit)} EXIT; set -- ${quote(command)}; unset n line __r; ` +
    `eval "set --; $1"; ${quietly('__r=$?')}; ${tell}; exit $__r`
  );
}

function stateFrom(payload: Buffer, environmentBytes: number): ShellState {
  const split = payload.length - environmentBytes;
  return { directory: payload.toString('utf8', 0, split), environment: payload.toString('utf8', split) };
}
