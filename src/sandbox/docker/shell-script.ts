import { shellWordOnOneLine } from '../shell-word.ts';

/** What a shell keeps from one command to the next. */
export interface ShellState {
  directory: string;
  /** Statements that export the variables, by name. */
  variables: ReadonlyMap<string, string>;
}

/**
 * One waiting shell per command, started before the command comes: it reads a line that puts it into the right state and reports its
 * process id, then the command's line. `setsid` makes it the leader of its own process group. It reports its state and exit code itself;
 * the loop reports on both streams when the process is gone.
 */
const supervisor = [
  'IFS= read -r nonce',
  'printf "%s variables\\n" "$nonce"; export -p; printf "%s directory\\n%s%s state\\n" "$nonce" "$PWD" "$nonce"',
  'IFS= read -r line; eval "$line"',
  's=sh; command -v bash >/dev/null 2>&1 && s=bash',
  'exec 3>&2 2>/dev/null; i=0',
  'while :; do (exec setsid "$s" -c "$1" "$s" "$2" 2>&3 3>&-); c=$?; i=$((i+1)); ' +
    'printf "%s gone %s %s\\n" "$nonce" "$i" "$c"; printf "%s gone %s %s\\n" "$nonce" "$i" "$c" >&3; done',
].join('; ');

const waiter = 'n=$1; IFS= read -r line || kill -KILL $PPID; eval "$line"';

export const supervisorArgv = ['sh', '-c', supervisor, 'sh', waiter, '\n'];

/**
 * The line that restores a state, waits for the command and reports how it ended. The nonce is never whole in a variable or trap, so that
 * `set`, `trap` or `ps` can't print it, and nothing of the harness is left in the positional parameters. A command's own exit trap replaces
 * this one, hence the state is reported before it and the exit code by the last of the two.
 */
export function preparation(
  { directory, variables }: ShellState,
  fallbackDirectory: string,
  nonce: string,
): string {
  const word = shellWordOnOneLine;
  const halves = `'${nonce.slice(0, 16)}' '${nonce.slice(16)}'`;
  const restore =
    `cd ${word(directory)} 2>/dev/null || cd ${word(fallbackDirectory)} 2>/dev/null || cd /; ` +
    `unset PATH; eval ${word([...variables.values()].join('\n'))}; `;
  const print = (format: string, ...words: string[]) =>
    `printf "${format}" ${words.join(' ')} 2>/dev/null >&9`;
  const reportState =
    `${print('%s%s variables\\n', halves)}; export -p 2>/dev/null >&9; ` +
    print('%s%s directory\\n%s%s%s state\\n', halves, '"$PWD"', halves);
  const reportExit =
    `${print('%s%s exit %s\\n', halves, '$__r')}; ` +
    `printf "%s%s exit %s\\n" ${halves} $__r 2>/dev/null >&8`;
  const quietly = (assignment: string) => `{ ${assignment}; set +euxv; } 2>/dev/null`;
  const atExit = `${quietly('__q=$?')}; [ "$__r" ] || { __r=$__q; ${reportState}; }; ${reportExit}; exit $__r`;
  return (
    `exec 9>&1 8>&2; ${restore}printf '%s%s ready %s\\n' ${halves} $$; ` +
    'IFS= read -r line || kill -KILL $PPID; exec </dev/null; ' +
    `trap ${word(atExit)} EXIT; eval "$line"; unset n line __r; ` +
    `eval "set --; $1"; ${quietly('__r=$?')}; ${reportState}; exit $__r`
  );
}

/** `export` commands for the variables, on one line; names that are no shell names are left out. */
export function exportCommands(env: Record<string, string>): string {
  return Object.entries(env)
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `export ${name}=${shellWordOnOneLine(value)}; `)
    .join('');
}

const quoted = ['"(?:[^"\\\\$`]|\\\\[\\s\\S])*"', "\\$'(?:[^'\\\\]|\\\\[\\s\\S])*'", "'[^']*'"].join('|');
const statement = new RegExp(`^(?:export|declare -\\w+) ([A-Za-z_]\\w*)(?:=(?:${quoted})*)?(?=\\n|$)`, 'gm');

/** What a shell sets by itself. */
const ownVariables = new Set(['PWD', 'OLDPWD', 'SHLVL', '_']);

/**
 * The statements that `export -p` of bash, dash or busybox printed, by variable name. Only those that do nothing but set a variable to
 * a literal: what a background job printed in between is not among them.
 */
export function exportedVariables(printed: string): Map<string, string> {
  const statements = [...printed.matchAll(statement)].map(
    ([text, name = '']) => [name, text] as [string, string],
  );
  return new Map(statements.filter(([name]) => !ownVariables.has(name)));
}
