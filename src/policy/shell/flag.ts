/** Programs whose long options have a single dash. */
const singleDash = new Set(['find', 'java', 'openssl', 'terraform', 'ffmpeg', 'gcc', 'go']);

/** Tells flags from operands. `-rf` gives `-r` and `-f`; all after `--` are operands. */
export function splitFlags(name: string, args: readonly string[]): { flags: string[]; operands: string[] } {
  const flags: string[] = [];
  const operands: string[] = [];
  const whole = singleDash.has(name);
  for (const [index, arg] of args.entries()) {
    if (arg === '--') {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (arg.startsWith('--')) flags.push(arg.split('=', 1)[0] ?? arg);
    else if (arg.length < 2 || !arg.startsWith('-')) operands.push(arg);
    else if (whole || !/^-[A-Za-z]+$/.test(arg)) flags.push(arg);
    else flags.push(...[...arg.slice(1)].map((letter) => `-${letter}`));
  }
  return { flags, operands };
}

/** Where the operands begin after options, some of which take the next argument as their value. */
export function skipOptions(args: readonly string[], withValue: ReadonlySet<string>, from = 0): number {
  let at = from;
  while (at < args.length) {
    const arg = args[at] ?? '';
    if (arg === '--') return at + 1;
    if (!arg.startsWith('-') || arg === '-') return at;
    at += withValue.has(arg) ? 2 : 1;
  }
  return at;
}
