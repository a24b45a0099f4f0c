import type { ShellCommand } from '../../policy/shell/command.ts';
import type { ResolvedTrial } from './resolved-trial.ts';

type Told = Pick<ShellCommand, 'name' | 'args'>;

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Programs that do what their first operand says. */
const byDeed = words('git npm pnpm yarn pip uv apt apt-get docker cargo go kubectl systemctl make gh');
/** Programs that run what their first operand names. */
const runners = words('npx bunx uvx pipx');
/** Flags of these that take a value. */
const valued = /^(-C|-c|-f|--prefix|--directory|--git-dir|--work-tree)$/;

/** The program of every command of a trial, as `programOf` names it. */
export const programsIn = (trial: ResolvedTrial): ReadonlyMap<ShellCommand, string> => trial.once(programs);

const programs = ({ calls }: ResolvedTrial) =>
  new Map(calls.flatMap(({ facts }) => facts.commands.map((command) => [command, programOf(command)])));

/** The program of a command without its version, and its deed where it has many: `python`, `git commit`, `pytest` of `python3 -m pytest`. */
function programOf({ name, args }: Told): string {
  if (name === '') return '?';
  const plain = name.replace(/^(python|pip|node|ruby|perl|php|lua)(js)?[\d.]*$/, '$1');
  const module = plain === 'python' ? args.indexOf('-m') + 1 : 0;
  const run = module > 0 ? args[module] : undefined;
  if (run !== undefined) return programOf({ name: run, args: args.slice(module + 1) });
  if (!byDeed.has(plain) && !runners.has(plain)) return plain;
  const deed = args.find((arg, at) => !arg.startsWith('-') && !valued.test(args[at - 1] ?? ''));
  if (deed === undefined || !/^[\w:.-]{1,24}$/.test(deed)) return plain;
  return runners.has(plain) ? deed : `${plain} ${deed}`;
}

const testers = words(
  'pytest unittest nose2 tox nox jest vitest mocha ava rspec phpunit ctest bats ginkgo behave playwright cypress',
);
const tested =
  /^(npm|pnpm|yarn|go|cargo|make|gh|uv|bun|deno|mvn|gradle|gradlew|dotnet|mix|swift) (run )?(test|check|t|nextest)\b/;

/** Whether a command of this program runs tests, as far as its words tell. */
export function runsTests({ name, args }: Told, program: string): boolean {
  if (testers.has(program) || tested.test(program)) return true;
  const [first = ''] = args;
  return (
    testScript.test(name) || testScript.test(first) || (first === 'run' && tested.test(`${name} ${args[1]}`))
  );
}

const testScript = /(^|[/_-])(run[_-]?)?tests?([_-]\w+)?\.(sh|py|js|ts|rb)$/;
