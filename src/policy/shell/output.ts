type Filter = (args: readonly string[], stdin: string | undefined) => string | undefined;

/** Programs whose output follows from their arguments and input alone, or is good for any name as that of a temporary file. */
const filters: Record<string, Filter> = {
  echo,
  printf,
  cat: passOn,
  tee: (_, stdin) => stdin,
  ':': () => '',
  true: () => '',
  base64: (args, stdin) => (args.some(decodes) ? decode(stdin, 'base64') : undefined),
  openssl: (args, stdin) =>
    args.includes('-d') && /base64|-a\b/.test(args.join(' ')) ? decode(stdin, 'base64') : undefined,
  xxd: (args, stdin) => (args.join('').includes('r') ? decode(stdin, 'hex') : undefined),
  rev: (_, stdin) => stdin?.replace(/[^\n]+/g, (line) => [...line].reverse().join('')),
  tr: translate,
  sed: substitute,
  mktemp: (args) => (args.every((arg) => /^-[dqu]+$/.test(arg)) ? '/tmp/tmp.made\n' : undefined),
};

/** What a command prints, where that can be told without running it. */
export function literalOutput(
  name: string,
  args: readonly string[],
  stdin: string | undefined,
): string | undefined {
  return Object.hasOwn(filters, name) ? filters[name]?.(args, stdin) : undefined;
}

function echo(args: readonly string[]): string {
  let from = 0;
  let escapes = false;
  let newline = '\n';
  while (/^-[neE]+$/.test(args[from] ?? '')) {
    const flag = args[from] ?? '';
    if (flag.includes('n')) newline = '';
    if (flag.includes('e')) escapes = true;
    from += 1;
  }
  const text = args.slice(from).join(' ');
  return (escapes ? unescapeText(text) : text) + newline;
}

function printf(args: readonly string[]): string | undefined {
  const [format, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (format === undefined || format === '-v') return undefined;
  const values = [...rest];
  let out = '';
  do {
    out += unescapeText(format).replace(/%(?:%|[-0-9.]*([sbdixXoc]))/g, (all, kind: string | undefined) => {
      if (!kind) return all === '%%' ? '%' : all;
      const value = values.shift() ?? '';
      if (kind === 'x') return Number(value).toString(16);
      return kind === 'b' ? unescapeText(value) : value;
    });
  } while (values.length > 0 && /%[-0-9.]*[sbdixXoc]/.test(format));
  return out;
}

function passOn(args: readonly string[], stdin: string | undefined): string | undefined {
  return args.every((arg) => arg === '-' || arg === '-u') ? stdin : undefined;
}

function decodes(arg: string): boolean {
  return arg === '--decode' || /^-[a-z]*[dD]/.test(arg);
}

function decode(text: string | undefined, encoding: 'base64' | 'hex'): string | undefined {
  if (text === undefined) return undefined;
  return Buffer.from(text.replace(/\s+|\\x/g, ''), encoding).toString('utf8');
}

/** `s/TEXT/BY/` without anything special in it. */
function substitute(args: readonly string[], stdin: string | undefined): string | undefined {
  const [script, ...rest] = args.filter((arg) => arg !== '-e' && arg !== '-E' && arg !== '-r');
  const parts = script?.match(/^s([/|#,:@])([\w .-]+)\1([\w ./-]*)\1(g?)$/);
  if (stdin === undefined || !parts || rest.length > 0) return undefined;
  const [, , text = '', by = '', global] = parts;
  return global ? stdin.replaceAll(text, by) : stdin.replace(text, by);
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', e: '\x1b', '\\': '\\' };

function unescapeText(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|0?([0-7]{1,3})|(.))/g,
    (
      all,
      hex: string | undefined,
      unicode: string | undefined,
      octal: string | undefined,
      letter: string,
    ) => {
      if (hex ?? unicode) return String.fromCharCode(Number.parseInt((hex ?? unicode) as string, 16));
      if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
      return escapes[letter] ?? all;
    },
  );
}

/** Output of `tr SET1 SET2` and `tr -d SET1` over a known input. */
function translate(args: readonly string[], stdin: string | undefined): string | undefined {
  if (stdin === undefined) return undefined;
  const removes = args[0] === '-d';
  const from = charactersOf(args[removes ? 1 : 0]);
  if (!from) return undefined;
  if (removes) return [...stdin].filter((c) => !from.includes(c)).join('');
  const to = charactersOf(args[1]);
  const last = to?.at(-1);
  if (!to || last === undefined) return undefined;
  return [...stdin].map((c) => (from.includes(c) ? (to[from.lastIndexOf(c)] ?? last) : c)).join('');
}

function charactersOf(set: string | undefined): string[] | undefined {
  if (set === undefined || set.startsWith('-') || set.includes('[:')) return undefined;
  const plain = set.replace(/\\n/g, '\n').replace(/\\t/g, '\t');
  const all: string[] = [];
  for (let at = 0; at < plain.length; at += 1) {
    const start = plain.charCodeAt(at);
    const end = plain[at + 1] === '-' ? plain.charCodeAt(at + 2) : Number.NaN;
    if (Number.isNaN(end)) {
      all.push(plain.charAt(at));
      continue;
    }
    for (let code = start; code <= end; code += 1) all.push(String.fromCharCode(code));
    at += 2;
  }
  return all;
}
