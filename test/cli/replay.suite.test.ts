import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTrace } from '../../src/trace/find-trace.ts';
import { engine, engineNote } from '../engine.ts';
import { temporaryFolder } from '../folder.ts';
import { proctor } from './proctor.ts';

const bash = (command: string) => ({ tool: 'bash', arguments: { command } });
const submit = { tool: 'submit', arguments: { answer: 'done' } };

/** A task in which `wrong` deletes a file at its step 2 that `right` keeps. */
const files = {
  'task.toml': '[task]\nname = "test/kept"\n',
  'instruction.md': 'Keep plan.txt.',
  'proctor.toml': `
environment = "shell"

[verify]
by = "state"
may_change = ["/home/agent/work/**"]

[[verify.must]]
name = "kept"
check = '''"/home/agent/work/plan.txt" in state && "/home/agent/work/deep/copy.txt" in state'''
`,
  'agents/wrong.json': JSON.stringify([
    bash('echo plan > plan.txt; mkdir deep; cd deep'),
    bash('cp ../plan.txt copy.txt; ls'),
    bash('rm ../plan.txt; ls'),
    submit,
  ]),
  'agents/right.json': JSON.stringify([bash('true'), bash('true'), bash('ls; cat ../plan.txt'), submit]),
};

const folder = mkdtempSync(join(tmpdir(), 'proctor-test-'));
const out = join(folder, 'traces');
const task = join(folder, 'kept');
let trace: string;

beforeAll(async () => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(task, path)), { recursive: true });
    writeFileSync(join(task, path), content);
  }
  trace = await recorded('embedded');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The id of a trial of `wrong`. */
async function recorded(sandbox: string): Promise<string> {
  const flags = ['--agent', 'scripted:wrong', '--sandbox', sandbox, '--out', out];
  expect(await proctor(['run', task, ...flags])).toMatchObject({ code: 0 });
  return findTrace('last', out).trial;
}

describe('proctor replay', () => {
  it('says that a trial comes out as recorded, as text and as one JSON document', async () => {
    const text = await proctor(['replay', trace, '--out', out, '--times', '2']);
    expect(text).toMatchObject({ code: 0, stdout: expect.stringContaining('reproducible in 2 of 2') });
    const { code, stdout } = await proctor(['replay', trace, '--out', out, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      changed: [],
      rejudged: [],
      replays: [{ verdict: 'identical', masks: [], steps: 4 }],
    });
  });

  it('stops after a step and puts the user into the sandbox as it was there', async () => {
    const stop = ['--out', out, '--shell'];
    const after = await proctor(['replay', trace, '--to', '1', ...stop], {
      input: 'pwd\ncat ../plan.txt\nexit\n',
    });
    expect(after.code).toBe(0);
    expect(after.stdout).toContain('kept · scripted:wrong');
    expect(after.stdout).toContain(trace);
    expect(after.stdout).toContain('after step 1 of 4');
    expect(after.stdout).toContain('/home/agent/work/deep');
    expect(after.stdout).toMatch(/^\$ plan$/m);
    const end = await proctor(['replay', trace, ...stop], { input: 'cat ../plan.txt\n' });
    expect(end.stdout).toContain('after step 3 of 4');
    expect(end.stdout).toContain('No such file');
    const before = await proctor(['replay', trace, '--before', '0', ...stop], { input: 'ls -A | wc -l\n' });
    expect(before.stdout).toContain('before step 0');
    expect(before.stdout).toMatch(/^\$ +0$/m);
  });

  it('copies files out as they were at a step', async () => {
    const into = temporaryFolder();
    const copy = ['--files', '/home/agent/work', '--into', into];
    const { code, stdout } = await proctor(['replay', trace, '--out', out, '--to', '1', ...copy]);
    expect(code).toBe(0);
    expect(stdout).toContain('copied 2 files');
    expect(readFileSync(join(into, 'work/deep/copy.txt'), 'utf8')).toBe('plan\n');
  });

  it('finds files by a path relative to the working directory', async () => {
    const into = temporaryFolder();
    const copy = ['--files', 'deep/copy.txt', '--into', into];
    const { code, stdout } = await proctor(['replay', trace, '--out', out, '--to', '1', ...copy]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('copied 1 file')]);
    expect(readFileSync(join(into, 'copy.txt'), 'utf8')).toBe('plan\n');
  });

  it('says that there are no such files at a step', async () => {
    const { code, stderr } = await proctor([
      'replay',
      trace,
      '--out',
      out,
      '--to',
      '1',
      '--files',
      'no/such',
    ]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/--files no\/such: the sandbox has no such file/),
    ]);
  });

  it('takes tools by name and words at the prompt of commands, as proctor open does', async () => {
    const input = 'tools\ncall bash command="echo $((6*7))"\nhelp\nexit\n';
    const { stdout } = await proctor(['replay', trace, '--to', '1', '--out', out, '--shell'], { input });
    expect(stdout).toMatch(/bash \(exec\): /);
    expect(stdout).toMatch(/^\$ 42$/m);
    expect(stdout).toMatch(/call NAME .*also: NAME a=1/);
  });

  it('gives a prompt for tools where the environment has no sandbox', async () => {
    await proctor([
      'run',
      'tasks/quickstart/damaged-mug',
      '--agent',
      'oracle',
      '--sandbox',
      'embedded',
      '--out',
      out,
    ]);
    const { code, stdout } = await proctor(
      ['replay', findTrace('last', out).trial, '--to', '1', '--out', out, '--shell'],
      {
        input: 'get_ticket {"ticket_id":"T-1"}\ncall get_ticket ticket_id=T-1\nget_ticket {\nexit\n',
      },
    );
    expect(code).toBe(0);
    expect(stdout.split('"id":"T-1"')).toHaveLength(3);
    expect(stdout).toContain('JSON');
  });

  it.skipIf(!engine)(`opens a shell in the container${engineNote}`, async () => {
    const onDocker = await recorded('docker');
    const stop = ['replay', onDocker, '--out', out, '--to', '1'];
    const shell = await proctor([...stop, '--shell'], { input: 'pwd; cat ../plan.txt; exit 0\n' });
    expect(shell).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('/home/agent/work/deep\nplan\n'),
    });
  });

  it('refuses to keep a sandbox that can’t outlive it, and steps that are not there', async () => {
    const keep = await proctor(['replay', trace, '--out', out, '--to', '1', '--keep']);
    expect(keep).toMatchObject({ code: 2, stderr: expect.stringContaining('embedded can’t outlive') });
    const far = await proctor(['replay', trace, '--out', out, '--to', '9', '--shell']);
    expect(far).toMatchObject({ code: 2, stderr: expect.stringContaining('has 4 steps') });
  });
});

describe('proctor fork', () => {
  it('goes from a failed trial to a passing one, and both name each other', async () => {
    const fork = ['fork', trace, '--at', '1', '--agent', 'scripted:right', '--out', out];
    const { code, stdout } = await proctor([...fork, '--attempts', '2', '--json']);
    expect(code).toBe(0);
    const { trials } = JSON.parse(stdout) as { trials: { trial: string; reward: number }[] };
    expect(trials.map(({ reward }) => reward)).toEqual([1, 1]);
    const child = await proctor(['show', trials[0]?.trial ?? '', '--out', out]);
    expect(child.stdout).toContain(`goes on from step 1 of`);
    expect(child.stdout).toContain(trace);
    const parent = await proctor(['show', trace, '--out', out]);
    for (const { trial } of trials) expect(parent.stdout).toContain(`${trial} goes on from step 1`);
  });

  it('says which step it wants', async () => {
    const { code, stderr } = await proctor(['fork', trace, '--out', out]);
    expect(code).toBe(2);
    expect(stderr).toContain('--at K');
  });
});
