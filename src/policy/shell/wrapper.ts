import { skipOptions } from './flag.ts';
import type { Field } from './word.ts';

/** A program that runs the command in its arguments. */
interface Wrapper {
  /** Flags that take a value. */
  values?: string[];
  /** Operands before the command. */
  operands?: number;
  /** `NAME=value` may stand before the command. */
  assignments?: boolean;
  /** Flags with which nothing is run. */
  idle?: string[];
}

const wrappers: Record<string, Wrapper> = {
  sudo: {
    values: ['-u', '-g', '-h', '-p', '-C', '-D', '-r', '-t', '-T', '-U', '--user', '--group'],
    assignments: true,
  },
  doas: { values: ['-u', '-C'] },
  pkexec: { values: ['--user'] },
  env: { values: ['-u', '-C', '--unset', '--chdir'], assignments: true },
  nohup: {},
  setsid: {},
  command: { idle: ['-v', '-V'] },
  builtin: {},
  exec: { values: ['-a'] },
  time: { values: ['-f', '-o'] },
  nice: { values: ['-n'] },
  ionice: { values: ['-c', '-n', '-p'] },
  timeout: { values: ['-k', '-s', '--kill-after', '--signal'], operands: 1 },
  stdbuf: { values: ['-i', '-o', '-e'] },
  chroot: { values: [], operands: 1 },
  taskset: { operands: 1 },
  chrt: { operands: 1 },
  flock: { values: ['-w', '-E'], operands: 1 },
  unshare: {},
  nsenter: { values: ['-t', '--target', '-S', '-G'] },
  busybox: {},
  toybox: {},
  strace: { values: ['-e', '-o', '-p', '-s'] },
  ltrace: { values: ['-e', '-o', '-p'] },
  proxychains: {},
  runuser: { values: ['-u'] },
  setpriv: {},
  parallel: { values: ['-j', '-I'] },
  watch: { values: ['-n', '--interval'] },
  coproc: {},
};

/** The command a wrapper runs and what it adds to its environment; undefined where it runs none. */
export function unwrap(
  name: string,
  args: readonly Field[],
): { inner: Field[]; env: Record<string, string> } | undefined {
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (!wrapper || args.some((arg) => wrapper.idle?.includes(arg.text))) return undefined;
  const texts = args.map((arg) => arg.text);
  let at = skipOptions(texts, new Set(wrapper.values)) + (wrapper.operands ?? 0);
  const env: Record<string, string> = {};
  while (wrapper.assignments && /^\w+=/.test(texts[at] ?? '')) {
    const [key = '', value = ''] = (texts[at] ?? '').split(/=(.*)/s);
    env[key] = value;
    at += 1;
  }
  const inner = args.slice(at);
  return inner.length > 0 ? { inner, env } : undefined;
}
