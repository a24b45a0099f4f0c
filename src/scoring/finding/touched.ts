import { posix } from 'node:path';
import type { RuleMatch } from '../../policy/judge.ts';
import type { ShellCommand } from '../../policy/shell/command.ts';
import { type ResolvedCall, type ResolvedTrial, soleMutation } from '../trial/resolved-trial.ts';
import { isWatched, type World, worldAround } from '../trial/world.ts';

/** What the command at fault would touch of the watched world. */
interface Touched {
  /** Absolute; a wildcard stands for what it may mean. */
  paths: string[];
  /** It works on an in-memory database. */
  memory: boolean;
  world: World;
}

/** The watched paths that the command at fault would touch; undefined where it may touch others, or others did as well. */
export function touchedBy(
  resolved: ResolvedTrial,
  call: ResolvedCall,
  match: RuleMatch,
): Touched | undefined {
  const world = worldAround(resolved, call.step);
  if (!world || soleMutation(resolved, call.step.index) !== call) return undefined;
  const { commands } = call.facts;
  const concerned = commandsAtFault(call, match);
  if (concerned.some((one) => !one.resolved || one.name === '' || setsTimes(one))) return undefined;
  const words = concerned.flatMap((one) => [
    ...one.writes,
    ...one.deletes,
    ...databasesOf(one),
    ...repositoryOf(one, commands),
  ]);
  const paths = words
    .filter((word) => word !== memory && !word.startsWith('/dev/'))
    .map((word) => absolutePath(resolved, call, word));
  if (paths.some((path) => path === undefined || !isWatched(world, path))) return undefined;
  return { paths: paths as string[], memory: words.includes(memory), world };
}

/** The one command that was enough for the rule to match, else all. */
export function commandsAtFault(
  { facts: { commands } }: ResolvedCall,
  { command }: RuleMatch,
): ShellCommand[] {
  const own = command === undefined ? undefined : commands[command];
  return own ? [own] : commands;
}

/** Changes of file times are not recorded. */
const setsTimes = ({ name, flags, code }: ShellCommand) =>
  /\butime/.test(code) ||
  (name === 'touch' && flags.some((flag) => /^(-[drt]|--(date|reference))$/.test(flag)));

const memory = ':memory:';

function databasesOf({ name, args, reads, code }: ShellCommand): string[] {
  if (code.includes(memory) || args.includes(memory)) return [memory];
  return name.startsWith('sqlite3') || code.includes('sqlite3') ? reads : [];
}

/** Git changes the current folder, or the one given by `-C`. */
function repositoryOf({ name, args }: ShellCommand, commands: readonly ShellCommand[]): string[] {
  if (name !== 'git') return [];
  const told = args.indexOf('-C');
  const gone = commands.filter((one) => one.name === 'cd').flatMap(({ operands }) => operands.slice(-1));
  return [...(told < 0 ? [] : args.slice(told + 1, told + 2)), ...gone, '.'];
}

/** Undefined where it is not known what a path is relative to. */
export function absolutePath(resolved: ResolvedTrial, call: ResolvedCall, path: string): string | undefined {
  const { workdir } = resolved.trial.opened.find(({ purpose }) => purpose === 'work') ?? {};
  if (path.startsWith('/')) return path;
  const home = workdir && /^(\/root|\/home\/[^/]+)/.exec(workdir)?.[0];
  if (path === '~' || path.startsWith('~/')) return home && `${home}${path.slice(1)}`;
  const moved = resolved.once(firstMove) < call.step.index;
  return workdir && !moved && !path.startsWith('~') ? posix.join(workdir, path) : undefined;
}

/** The first step that may have changed the current folder. */
const firstMove = ({ calls }: ResolvedTrial): number =>
  calls.find(({ facts }) => /\b(cd|pushd)\b/.test(facts.shell ?? ''))?.step.index ?? Infinity;
