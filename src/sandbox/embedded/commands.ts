import { randomBytes } from 'node:crypto';
import { bytesOutput, type CustomCommand, defineCommand, unsafeBytesFromLatin1 } from 'just-bash';

/** Waits for a turn to run an interpreter; returns a function that gives the turn back. */
export type TakeTurn = () => Promise<() => void>;

/** Interpreters use memory outside of the thread's limit, so only some run at a time. */
export const interpreters = (takeTurn: TakeTurn): CustomCommand[] =>
  ['python3', 'python', 'sqlite3'].map((name) =>
    defineCommand(name, async (args, { origCommand }) => {
      if (!origCommand) throw new Error(`${name} is not bundled`);
      const giveBack = await takeTurn();
      return origCommand(args).finally(giveBack);
    }),
  );

/** Commands in place of bundled ones that lack common options, or that are not bundled. */
export const commands: CustomCommand[] = [
  withBytes('printf'),
  withBytes('echo'),
  withAttachedValues('xargs', 'InLPdsE'),
  defineCommand('realpath', async (paths, { fs, cwd }) => {
    const found = await Promise.all(
      paths.filter((path) => !path.startsWith('-')).map((path) => fs.realpath(fs.resolvePath(cwd, path))),
    ).catch(() => undefined);
    if (!found) return { stdout: '', stderr: `realpath: ${paths}: No such file or directory\n`, exitCode: 1 };
    return { stdout: `${found.join('\n')}\n`, stderr: '', exitCode: 0 };
  }),
  defineCommand('mktemp', async (args, { fs, cwd }) => {
    const template = args.find((arg) => !arg.startsWith('-')) ?? '/tmp/tmp.XXXXXXXXXX';
    const path = fs.resolvePath(
      cwd,
      template.replace(/X{3,}$/, (xs) => randomText(xs.length)),
    );
    if (args.includes('-d')) await fs.mkdir(path);
    else await fs.writeFile(path, '');
    return { stdout: `${path}\n`, stderr: '', exitCode: 0 };
  }),
];

const randomText = (length: number) => randomBytes(length).toString('hex').slice(0, length);

const escapesBytes = (args: string[]) =>
  args[0] !== '-v' &&
  args.some((arg) => /\\(?:x[0-9a-fA-F]|[0-7])/.test(arg)) &&
  !args.some((arg) => /\\[uU]/.test(arg));

/** The bundled command, but `\377` and `\xff` are bytes and not characters. */
function withBytes(name: string): CustomCommand {
  return defineCommand(name, async (args, { origCommand }) => {
    if (!origCommand) throw new Error(`${name} is not bundled`);
    if (!escapesBytes(args)) return origCommand(args);
    const result = await origCommand(args.map((arg) => Buffer.from(arg).toString('latin1')));
    return { ...result, ...bytesOutput(unsafeBytesFromLatin1(result.stdout)) };
  });
}

/** The bundled command, but `-I{}` is taken as `-I {}`, for the flags in `letters`. */
function withAttachedValues(name: string, letters: string): CustomCommand {
  const attached = new RegExp(`^-[${letters}].`);
  return defineCommand(name, async (args, { origCommand }) => {
    if (!origCommand) throw new Error(`${name} is not bundled`);
    const split: string[] = [];
    for (let at = 0; at < args.length; at += 1) {
      const arg = args[at] as string;
      const takesNext = arg.length === 2 && letters.includes(arg.charAt(1));
      if (!arg.startsWith('-')) return origCommand([...split, ...args.slice(at)]);
      if (attached.test(arg)) split.push(arg.slice(0, 2), arg.slice(2));
      else split.push(arg);
      if (takesNext) split.push(args[++at] ?? '');
    }
    return origCommand(split);
  });
}
