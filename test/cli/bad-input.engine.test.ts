import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, temporaryFolder } from '../folder.ts';
import { proctor } from './proctor.ts';
import { taskFolder } from './task-folder.ts';

const run = (...args: string[]) =>
  proctor(['run', '--sandbox', 'embedded', '--agent', 'oracle', '--out', temporaryFolder(), ...args]);

/** Everything bad news may be: one line, no stack. */
function oneLine(stderr: string): string {
  expect(stderr).not.toMatch(/^\s+at /m);
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('proctor: '));
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

describe('an author’s mistake is one line that says what, where and what was expected, and exits with 2', () => {
  it.each([
    ['broken TOML', { 'proctor.toml': 'environment = "shell\n' }, /proctor\.toml:1/],
    [
      'an unknown key',
      { 'proctor.toml': 'environment = "shell"\nmilestone = 1\n' },
      /proctor\.toml.*milestone.*milestones/,
    ],
    ['an unknown environment', { 'proctor.toml': 'environment = "shel"\n' }, /no environment "shel".*shell/],
    ['a missing test.sh', { 'tests/test.sh': null }, /tests\/test\.sh/],
    ['a missing instruction', { 'instruction.md': null }, /instruction\.md/],
    [
      'a milestone that does not compile',
      { 'proctor.toml': 'environment = "shell"\n[[milestones]]\nname = "m"\ncheck = "state ==="\n' },
      /milestone/,
    ],
    [
      'a policy rule that does not compile',
      { 'policy.toml': '[[rules]]\nid = "r"\ncategory = "persistence"\nmessage = "m"\nwhen = "tol == 1"\n' },
      /rule "?r"?.*tol/,
    ],
    ['a reference that is no script', { 'reference.json': '{"tool": 1}' }, /reference\.json/],
  ])('%s', async (_, changes: Record<string, string | null>, expected) => {
    const { code, stderr, stdout } = await run(taskFolder(changes));
    expect(oneLine(stderr)).toMatch(expected);
    expect([code, stdout]).toEqual([2, '']);
  });

  it.each([
    ['a task that is not there', ['run', 'no/such/task'], /no task or suite "no\/such\/task"/],
    ['an unknown agent', ['run', 'quickstart', '--agent', 'gpt'], /agent 'gpt'.*openai:<model>/],
    ['an agent without a script', ['run', 'quickstart', '--agent', 'scripted:nobody'], /nobody.*careful/],
    ['a tag that no task has', ['run', 'quickstart', '--tag', 'nothing'], /no task has the tag nothing/],
    [
      'a parameter that is none',
      ['run', 'quickstart', '--param', 'temperature=hot'],
      /--param temperature.*number/,
    ],
    ['a trace that is not there', ['show', 'nothing', '--out', 'no-such-folder'], /nothing/],
  ])('%s', async (_, args, expected) => {
    const { code, stderr } = await proctor(args);
    expect(oneLine(stderr)).toMatch(expected);
    expect(code).toBe(2);
  });

  it.each([
    [
      'run',
      ['run', 'quickstart/log-triage', '--agent', 'nop', '--sandbox', 'embedded', '--out', '/proc/nope'],
    ],
    ['check', ['check', 'quickstart/log-triage', '--sandbox', 'embedded', '--keep', '/proc/nope/here']],
    ['doctor', ['doctor', '--out', '/proc/nope']],
  ])(
    'a folder that can’t be made: %s',
    async (command, args) => {
      const { code, stdout, stderr } = await proctor(args);
      expect(`${stdout}${oneLine(stderr)}`).toMatch(/--(out|keep) \/proc\/nope.*the folder can’t be made/);
      expect(code).toBe(command === 'doctor' ? 3 : 2);
    },
    30_000,
  );

  it('a wrong flag, by the name of the command whose help says more', async () => {
    const { code, stderr } = await proctor(['run', 'quickstart', '--attempts', 'many']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--attempts.*whole number/);
    expect(stderr).toContain('proctor run --help');
  });
});

describe('a failure of the infrastructure exits with 3 or is listed apart, and is never an agent’s score', () => {
  it('an engine that can’t be reached', async () => {
    const { code, stderr } = await proctor(['run', 'quickstart', '--agent', 'nop', '--sandbox', 'docker'], {
      env: { DOCKER_HOST: 'tcp://127.0.0.1:9' },
    });
    expect(code).toBe(3);
    expect(oneLine(stderr)).toMatch(/127\.0\.0\.1:9/);
  });

  it('a verifier that writes no reward even in an untouched sandbox', async () => {
    const { code, stdout } = await run(taskFolder({ 'tests/test.sh': 'echo nothing to say\n' }));
    expect(code).toBe(3);
    expect(stdout).toMatch(/1 infrastructure error, in no figure above\n.*verifier-failed: .*reward/);
  });

  it('a verifier that gives no reward only for what the agent left is the agent’s zero', async () => {
    const { stdout } = await run(
      taskFolder({ 'tests/test.sh': '[ -e answer.txt ] || echo 0.5 > /logs/verifier/reward.txt\n' }),
      '--json',
    );
    expect(JSON.parse(stdout).trials[0]).toMatchObject({ outcome: 'submitted', reward: 0 });
  });

  it('a folder of traces that can’t be written', async () => {
    const file = join(folderOf({ taken: 'a file' }), 'taken');
    const { code, stderr } = await proctor([
      'run',
      'quickstart',
      '--agent',
      'nop',
      '--sandbox',
      'embedded',
      '--out',
      file,
    ]);
    expect(code).toBe(2);
    expect(oneLine(stderr)).toContain(file);
  });

  it('a torn trace is shown up to its last whole line, and says so', async () => {
    const out = temporaryFolder();
    const ran = await proctor([
      'run',
      taskFolder(),
      '--agent',
      'oracle',
      '--sandbox',
      'embedded',
      '--out',
      out,
      '--json',
    ]);
    const log = join(JSON.parse(ran.stdout).trials[0].trace, 'trace.jsonl');
    writeFileSync(log, '{"seq":99,"type":"tor', { flag: 'a' });
    const { code, stdout, stderr } = await proctor(['show', 'last', '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toContain('echo done > answer.txt');
    expect(stderr).toContain('torn');
    const score = await proctor(['score', 'last', '--out', out]);
    expect([score.code, score.stderr]).toEqual([2, expect.stringMatching(/trace\.jsonl/)]);
  });
});
