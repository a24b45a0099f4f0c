import { bytesOutput, defineCommand, unsafeBytesFromLatin1 } from 'just-bash';

const escapesBytes = (args: string[]) =>
  args[0] !== '-v' &&
  args.some((arg) => /\\(?:x[0-9a-fA-F]|[0-7])/.test(arg)) &&
  !args.some((arg) => /\\[uU]/.test(arg));

/** The bundled command, but `\377` and `\xff` are bytes and not characters. */
function withBytes(name: string) {
  return defineCommand(name, async (args, context) => {
    if (!context.origCommand) throw new Error(`${name} is not bundled`);
    if (!escapesBytes(args)) return context.origCommand(args);
    const result = await context.origCommand(args.map((arg) => Buffer.from(arg).toString('latin1')));
    return { ...result, ...bytesOutput(unsafeBytesFromLatin1(result.stdout)) };
  });
}

export const byteOutput = [withBytes('printf'), withBytes('echo')];
