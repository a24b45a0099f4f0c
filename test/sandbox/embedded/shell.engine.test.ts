import { beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { sandboxes, say } from './sandboxes.ts';

const open = sandboxes();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await open();
});

describe('what a killed command leaves', () => {
  it.each([
    ['a wait', 'echo before; echo error >&2; sleep 60'],
    ['a busy loop', 'echo before; echo error >&2; while :; do :; done'],
    ['a busy command', `echo before; echo error >&2; awk 'BEGIN { while (1) x++ }'`],
    ['the body of a loop', 'for word in before never; do echo $word; echo error >&2; sleep 60; done'],
  ])('is what it printed before %s', async (_what, command) => {
    await say(sandbox, 'echo warm >&2');
    const { stdout, stderr, timedOut } = await sandbox.exec(command, { timeoutMs: 2500 });
    expect([stdout.toString(), stderr.toString(), timedOut]).toEqual(['before\n', 'error\n', true]);
  });

  it('is every file that was written, directory and variables included', async () => {
    await say(sandbox, 'mkdir -p deep/er && cd deep/er && export STAY=yes');
    await sandbox.exec('echo one > a; ln -s a b; echo two >> b; chmod 700 a; mv b c; while :; do :; done', {
      timeoutMs: 2500,
    });
    const after = await say(sandbox, 'pwd; echo $STAY; cat c; stat -c %a a; ls; cd /work');
    expect(after.out).toBe('/work/deep/er\nyes\none\ntwo\n700\na\nc\n');
  });
});

describe('a script means what it says although its output is sent on early', () => {
  it.each([
    ['x=$(echo inner; echo error >&2); echo "got $x"', 'got inner\n', 'error\n'],
    ['echo piped | while read -r line; do echo "got $line"; done | tr a-z A-Z', 'GOT PIPED\n', ''],
    ['ls /nope 2>&1 | wc -l | tr -d " "; ls /nope 2> /dev/null || echo none', '1\nnone\n', ''],
    ['false | true; echo $' + '{PIPESTATUS[0]}; false; echo $?', '1\n1\n', ''],
    ['mkdir -p last/arg; cd $_; pwd; cd /work', '/work/last/arg\n', ''],
    ['set -e; false || echo or; if false; then :; fi; ! true; echo end', 'or\nend\n', ''],
    ['exec > log; echo kept; exec 2>&1; echo too >&2', '', ''],
    ['cat log; echo a > /dev/stdout; echo b > /dev/stderr', 'kept\ntoo\na\n', 'b\n'],
    ['bash -c "echo 1; echo 2 >&2" | tr 1 3; sh -c "exit 4" || echo $?', '3\n4\n', '2\n'],
    ['f() { cat; return 3; }; echo in | f; echo $?; alias q="echo aliased"', 'in\n3\n', ''],
    [
      'while read -r line; do echo "<$line>"; done <<< "a b"; { echo 1; } | cat; (echo 2)',
      '<a b>\n1\n2\n',
      '',
    ],
  ])('%s', async (command, out, err) => {
    expect(await say(sandbox, command)).toMatchObject({ out, err });
  });
});

it('keeps the state of a script that ends in the middle of a list', async () => {
  await say(sandbox, 'if true; then cd /tmp; export MIDDLE=1 && exit 5; fi');
  expect((await say(sandbox, 'pwd; echo $MIDDLE; cd /work; unset MIDDLE')).out).toBe('/tmp\n1\n');
});

it('forgets variables that were not exported, functions and aliases', async () => {
  await say(sandbox, 'LOCAL=1; f() { :; }; alias q=ls');
  expect((await say(sandbox, 'echo "[$LOCAL]"; type f q')).out).toBe('[]\n');
});

it('keeps the programs of the harness out of reach', async () => {
  await say(sandbox, 'printf "#!/bin/sh\\necho forged\\n" > /usr/local/bin/jq; chmod +x /usr/local/bin/jq');
  expect((await say(sandbox, 'jq -n 1')).out).toBe('forged\n');
  expect((await say(sandbox, 'jq -n 1', { as: 'harness' })).out).toBe('1\n');
  expect((await say(sandbox, 'rm /usr/bin/jq; rm -rf /bin; echo x > /usr/bin/jq')).code).not.toBe(0);
  expect((await say(sandbox, 'jq -n 1; ls /bin/cat', { as: 'harness' })).out).toBe('1\n/bin/cat\n');
});

it('fails a redirection into a missing folder as a command, not as the harness', async () => {
  expect(await say(sandbox, 'echo x > no/such/file')).toEqual({
    out: '',
    err: 'bash: /work/no/such/file: No such file or directory\n',
    code: 1,
  });
});

it('keeps the mode of a file that is overwritten, and writes through links', async () => {
  const command = 'echo 1 > run; chmod 755 run; ln -s run link; echo 2 > link; stat -c %a run; cat run';
  expect((await say(sandbox, command)).out).toBe('755\n2\n');
});

it.each([
  [
    'xargs with attached values',
    'printf "a\\nb\\n" | xargs -I{} echo x{}; printf "a b" | xargs -n1',
    'xa\nxb\na\nb\n',
  ],
  ['realpath', 'ln -sf /tmp t; realpath t', '/tmp\n'],
  ['mktemp', 'test -f "$(mktemp)" && test -d "$(mktemp -d)" && echo made', 'made\n'],
  ['bytes in a file', `printf '\\377' > byte; wc -c < byte | tr -d ' '`, '1\n'],
])('has %s', async (_name, command, out) => {
  expect((await say(sandbox, command)).out).toBe(out);
});

it('has no way to a network or to the host', async () => {
  const command = `curl http://127.0.0.1; python3 -c "
import os, socket
print(os.path.exists('/etc/passwd'), os.environ.get('HOME'))
socket.create_connection(('127.0.0.1', 80))"`;
  const { out, err } = await say(sandbox, command);
  expect(out).toBe('False /home/user\n');
  expect(err).toContain('curl: command not found');
  expect(err).toContain('unreachable');
});
