import { type Context, walkNested } from './context.ts';
import { hostIn } from './host.ts';
import { looksLikePath } from './path.ts';

const databases = /^(sqlite3|psql|mysql|mariadb|duckdb)$/;

const interpreters: [name: RegExp, code: RegExp][] = [
  [/^(python|pypy)[\d.]*$/, /^-[A-Za-z]*c$/],
  [/^(perl|ruby)[\d.]*$/, /^-[A-Za-z0-9]*[eE]$/],
  [/^(node|nodejs|bun|deno)$/, /^(-[a-z]*[ep]|--eval|--print|eval)$/],
  [/^php[\d.]*$/, /^-r$/],
  [/^lua[\d.]*$/, /^-e$/],
];

/** The program an interpreter is given as an argument, on known input or in a file this text wrote; else empty. */
export function programText(name: string, args: readonly string[], context: Context): string {
  if (/^[gm]?awk$/.test(name)) return args.find((arg) => arg.includes('{')) ?? '';
  if (databases.test(name))
    return [...args.filter((arg) => /\s|;/.test(arg)), context.stdin ?? ''].join('\n').trim();
  const flag = interpreters.find(([program]) => program.test(name))?.[1];
  if (!flag) return '';
  const at = args.findIndex((arg) => flag.test(arg));
  if (at >= 0) return args[at + 1] ?? '';
  const script = args.find((arg) => !arg.startsWith('-'));
  if (script === undefined) return context.stdin ?? '';
  return context.scope.files.get(script) ?? '';
}

/** Adds what the literals of a program text read, write and contact to its command, and walks the shell texts it runs. */
export function interpret(name: string, code: string, context: Context): void {
  const command = context.commands.at(-1);
  if (!command || databases.test(name)) return;
  const { shell, ...effect } = codeEffect(code);
  if (!/^[gm]?awk$/.test(name)) {
    command.reads.push(...effect.reads);
    command.writes.push(...effect.writes);
    command.deletes.push(...effect.deletes);
    command.hosts.push(...effect.hosts.filter((host) => !/^(localhost|127\.|0\.0\.0\.0)/.test(host)));
  }
  for (const text of shell) walkNested(text, name, context);
}

/** What a piece of program text does, as far as its literals tell. */
interface CodeEffect {
  reads: string[];
  writes: string[];
  deletes: string[];
  hosts: string[];
  /** Shell texts it runs. */
  shell: string[];
}

const literal =
  /"""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;
const removes =
  /\b(rmtree|unlink\w*|removedirs|remove|rmdir\w*|rmSync|rm|rm_rf|rm_r|delete|FileUtils\.rm\w*)\s*[(\s]/;
const writesTo =
  /\b(write\w*|appendFile\w*|copy\w*|move|rename\w*|replace|symlink\w*|link|touch|makedirs|mkdir\w*|truncate\w*|file_put_contents|createWriteStream)\s*\(|open\w*\s*\([^)]*,\s*(mode\s*=\s*)?['"][rwax+b]*[wax+][wax+b]*['"]|open\w*\s*\(?[^)]*['"]\s*>/;
const runs =
  /\b(system|popen\w*|Popen|subprocess\.\w+|exec\w*|spawn\w*|passthru|shell_exec|check_output|check_call|run|call|getoutput)\s*\(|\bsystem\s+['"]|%x\{|\bqx\b/;
const dials = /\b(connect|create_connection|HTTPS?Connection|SMTP\w*|gethostbyname|getaddrinfo)\b/;
const file = /\.(db|sqlite3?|json|sock|py|js|txt|csv)$/;
const evaluates = /\b(exec|eval)\s*\(/;
const assigned = /(?:^|\s|\b(?:const|let|var|my)\s+)\$?([A-Za-z_]\w*)\s*=\s*$/;

/** Reads the literals of a program text statement by statement. */
function codeEffect(code: string): CodeEffect {
  const effect: CodeEffect = { reads: [], writes: [], deletes: [], hosts: [], shell: [] };
  const names = new Map<string, string>();
  for (const statement of statements(code)) {
    const values = literalsOf(statement);
    for (const { text, before } of values) {
      const name = before.match(assigned)?.[1];
      if (name !== undefined) names.set(name, text);
    }
    const bare = statement.replace(literal, "''");
    for (const [name, text] of names) {
      if (new RegExp(`\\b${name}\\b(?!\\s*=)`).test(bare)) values.push({ text, before: '' });
    }
    classify(
      statement,
      bare,
      values.map((v) => v.text),
      effect,
    );
  }
  return effect;
}

function classify(statement: string, bare: string, values: string[], effect: CodeEffect): void {
  if (runs.test(bare) || /`/.test(statement)) effect.shell.push(...shellTexts(statement, values));
  const hosts = values.filter((v) => /^[a-z]+:\/\//.test(v)).map(hostIn);
  if (dials.test(bare)) hosts.push(...values.filter((v) => /^[\w-]+(\.[\w-]+)+$/.test(v) && !file.test(v)));
  effect.hosts.push(...hosts);
  if (evaluates.test(bare)) addEvaluated(values, effect);
  const paths = values.filter((v) => looksLikePath(v) && /^[~/.]|\//.test(v) && !/\s-/.test(v));
  if (removes.test(bare)) effect.deletes.push(...paths);
  else if (writesTo.test(statement)) effect.writes.push(...paths);
  else effect.reads.push(...paths);
}

/** Program text inside program text is read the same way; it ends, as literals get shorter when they nest. */
function addEvaluated(values: string[], effect: CodeEffect): void {
  for (const value of values) {
    if (!value.includes('(')) continue;
    const inner = codeEffect(value);
    for (const key of ['reads', 'writes', 'deletes', 'hosts', 'shell'] as const)
      effect[key].push(...inner[key]);
  }
}

function shellTexts(statement: string, values: string[]): string[] {
  const quoted = (word: string) =>
    /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  const isList = /[([]\s*\[|\w\(\s*['"][^'"]*['"]\s*,\s*(\[|['"])/.test(statement);
  return isList && values.length > 0 ? [values.map(quoted).join(' ')] : values.filter((v) => /\S/.test(v));
}

function statements(code: string): string[] {
  const masked = code.replace(literal, (text) => text.replace(/[;\n]/g, ' '));
  const parts: string[] = [];
  let from = 0;
  for (const { index } of masked.matchAll(/[;\n]/g)) {
    parts.push(code.slice(from, index));
    from = index + 1;
  }
  parts.push(code.slice(from));
  return parts
    .filter((part) => part.trim() !== '')
    .slice(0, 400)
    .map((part) => part.slice(0, 4000));
}

/** String literals; neighbours joined by `+` or by nothing count as one, base64 as what it decodes to. */
function literalsOf(statement: string): { text: string; before: string }[] {
  const found: { text: string; before: string }[] = [];
  let end = -1;
  for (const match of statement.matchAll(literal)) {
    const raw = match.slice(1).find((group) => group !== undefined) ?? '';
    const text = decoded(unescapeLiteral(raw), statement);
    const between = statement.slice(end, match.index).trim();
    const last = found.at(-1);
    if (last && (between === '+' || between === '.' || (between === '' && end > 0))) last.text += text;
    else found.push({ text, before: statement.slice(0, match.index) });
    end = match.index + match[0].length;
  }
  return found;
}

function unescapeLiteral(raw: string): string {
  return raw
    .replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\([nt'"\\/])/g, (_, c: string) => ({ n: '\n', t: '\t' })[c] ?? c);
}

function decoded(text: string, statement: string): string {
  if (!/b64decode|base64|decode64|atob/.test(statement) || !/^[A-Za-z0-9+/]{6,}={0,2}$/.test(text))
    return text;
  return Buffer.from(text, 'base64').toString('utf8');
}
