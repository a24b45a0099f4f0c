import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { exportedVariables } from '../../../src/sandbox/docker/shell-script.ts';

const awkward = `it's "two"\nlines with $HOME, \`date\`, \\ and $(id)`;

it.each(['bash', 'sh'])(
  'takes what export -p of %s prints so that a shell reads the same values back',
  (shell) => {
    const env = { PATH: process.env.PATH ?? '', AWKWARD: awkward, EMPTY: '' };
    const printed = spawnSync(shell, ['-c', 'export UNSET; export -p'], { env, encoding: 'utf8' }).stdout;
    const variables = exportedVariables(printed);
    expect([...variables.keys()]).toEqual(expect.arrayContaining(['AWKWARD', 'EMPTY', 'PATH', 'UNSET']));
    const script = `${[...variables.values()].join('\n')}\nprintf %s "$AWKWARD"`;
    expect(spawnSync(shell, ['-c', script], { encoding: 'utf8' }).stdout).toBe(awkward);
  },
);

it('leaves out what is no assignment of a literal', () => {
  const printed = [
    'declare -x A="1"',
    'progress 12%',
    'declare -x B="$(touch /tmp/x)"',
    "export C='2'; rm -rf .",
    'declare -x PWD="/"',
    "export D='3'",
  ].join('\n');
  expect([...exportedVariables(printed)]).toEqual([
    ['A', 'declare -x A="1"'],
    ['D', "export D='3'"],
  ]);
});
