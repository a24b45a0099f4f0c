import { basename } from 'node:path/posix';
import { skipOptions } from './flag.ts';
import { expandKnown, looksLikePath, maxPathCharacters, resolvePath } from './path.ts';
import { type Program, programs } from './program.ts';

export interface Touched {
  reads: string[];
  writes: string[];
  deletes: string[];
}

interface Invocation {
  name: string;
  args: readonly string[];
  redirects: readonly { op: string; path: string }[];
  cwd: string;
}

/** The paths a command reads, writes and removes, as far as its arguments tell. */
export function touched({ name, args, redirects, cwd }: Invocation): Touched {
  const found = special(name, args) ?? byTable(name, args);
  for (const { op, path } of redirects) {
    if (op === '<' || op === '<>') found.reads.push(path);
    if (op.includes('>') && !/^(&?\d+|-)$/.test(path)) found.writes.push(path);
  }
  const settle = (paths: string[]) => [
    ...new Set(
      paths
        .filter((p) => p !== '' && p.length <= maxPathCharacters)
        .flatMap((p) => expandKnown(resolvePath(p, cwd))),
    ),
  ];
  return { reads: settle(found.reads), writes: settle(found.writes), deletes: settle(found.deletes) };
}

function special(name: string, args: readonly string[]): Touched | undefined {
  switch (name) {
    case 'dd':
      return { reads: keyed(args, 'if'), writes: keyed(args, 'of'), deletes: [] };
    case 'find':
      return { reads: [], writes: [], deletes: args.includes('-delete') ? findPaths(args) : [] };
    case 'rsync':
      return mirrored(args);
    case 'curl':
      return withUploads(args);
    case 'sed':
    case 'perl':
      return inPlace(name, args);
    default:
      return undefined;
  }
}

function keyed(args: readonly string[], key: string): string[] {
  return args.filter((arg) => arg.startsWith(`${key}=`)).map((arg) => arg.slice(key.length + 1));
}

/** What `find` stands for in `{}` and `-delete`: its starting points, narrowed by `-name`. */
export function findPaths(args: readonly string[]): string[] {
  const first = args.findIndex((arg) => /^[-(!]/.test(arg) && !/^-[HLP]$/.test(arg));
  const starts = args.slice(0, first < 0 ? args.length : first).filter((arg) => !/^-[HLP]$/.test(arg));
  const named = args.findIndex((arg) => /^-(i?name|i?path|i?wholename)$/.test(arg));
  const name = named < 0 ? undefined : args[named + 1];
  const narrowed = name !== undefined && name !== '*';
  return (starts.length > 0 ? starts : ['.']).map((start) => {
    if (!narrowed) return args.includes('-mindepth') ? `${start}/*` : start;
    return basename(start) === name ? start : `${start}/**/${basename(name)}`;
  });
}

/** `--delete` removes what the target has and the source does not. */
function mirrored(args: readonly string[]): Touched {
  const found = byTable('rsync', args);
  const target = found.writes[0];
  const removes = args.some((arg) => arg.startsWith('--del'));
  return removes && target !== undefined ? { ...found, deletes: [target] } : found;
}

function withUploads(args: readonly string[]): Touched {
  const found = byTable('curl', args);
  for (const arg of args) {
    const upload = arg.match(/^(?:-[dF]|--[a-z-]+=)?(?:[^=@\s]*=)?[@<]([^;]+)/)?.[1];
    if (upload && upload !== '-') found.reads.push(upload);
  }
  return found;
}

function inPlace(name: string, args: readonly string[]): Touched {
  const found = byTable(name, args);
  const changes = args.some((arg) => /^(-[A-Za-z]*i|--in-place)/.test(arg) && !arg.startsWith('-I'));
  return changes ? { ...found, writes: found.reads } : found;
}

function byTable(name: string, args: readonly string[]): Touched {
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
  if (!program) return { reads: args.flatMap(pathIn), writes: [], deletes: [] };
  const operands = operandsOf(program, args);
  const target = targetOf(program, args, operands);
  const sources = target.explicit ? operands : operands.slice(0, -1);
  const flagged = (flags: string[] | undefined) => (flags ? flagValues(args, new Set(flags)) : []);
  return {
    reads: [...pick(program.reads, operands, sources), ...flagged(program.readFlags)],
    writes: [
      ...(program.writes === 'all' ? operands : []),
      ...(program.writes === 'last' ? landing(target.path, sources) : []),
      ...flagged(program.writeFlags),
    ],
    deletes: pick(program.deletes, operands, sources),
  };
}

function pathIn(arg: string): string[] {
  if (!arg.startsWith('-')) return looksLikePath(arg) ? [arg] : [];
  const value = arg.match(/^--?[\w-]+=(.+)$/)?.[1];
  return value !== undefined && looksLikePath(value) ? [value] : [];
}

function pick(which: Program['reads'], all: readonly string[], sources: readonly string[]): string[] {
  if (which === 'all') return [...all];
  return which === 'sources' ? [...sources] : [];
}

function operandsOf(program: Program, args: readonly string[]): string[] {
  const values = new Set(program.values);
  const operands: string[] = [];
  let at = skipOptions(args, values);
  while (at < args.length) {
    if (args[at - 1] === '--') {
      operands.push(...args.slice(at));
      break;
    }
    operands.push(args[at] ?? '');
    at = skipOptions(args, values, at + 1);
  }
  const given = program.unskip?.some((flag) => args.some((a) => a === flag || a.startsWith(`${flag}=`)));
  return operands.slice(given ? 0 : (program.skip ?? 0));
}

function targetOf(
  program: Program,
  args: readonly string[],
  operands: readonly string[],
): { path: string | undefined; explicit: boolean } {
  if (program.writes !== 'last') return { path: undefined, explicit: false };
  const [given] = flagValues(args, new Set(['-t', '--target-directory']));
  return given === undefined ? { path: operands.at(-1), explicit: false } : { path: given, explicit: true };
}

/** A copy lands on its target, or in it where it is a folder. */
function landing(target: string | undefined, sources: readonly string[]): string[] {
  if (target === undefined || sources.length === 0) return [];
  return [target, ...sources.map((source) => `${target}/${basename(source)}`)];
}

function flagValues(args: readonly string[], flags: ReadonlySet<string>): string[] {
  return args.flatMap((arg, index) => {
    const [flag, value] = arg.split(/=(.*)/s, 2);
    if (value !== undefined && flags.has(flag ?? '')) return [value];
    if (flags.has(arg)) return args.slice(index + 1, index + 2);
    const joined = [...flags].find((f) => /^-\w$/.test(f) && arg.startsWith(f) && arg.length > 2);
    return joined ? [arg.slice(2)] : [];
  });
}
