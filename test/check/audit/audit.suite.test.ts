import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { oracleAgent } from '../../../src/agent/oracle.ts';
import { killedLine } from '../../../src/check/audit/killed.ts';
import { runCheckedTrials } from '../../../src/check/checked-trial.ts';
import { environmentOf } from '../../../src/environment/environment-of-task.ts';
import { audit } from '../../../src/library/audit.ts';
import { embeddedProvider } from '../../../src/sandbox/embedded/provider.ts';
import { loadTask } from '../../../src/task/load.ts';
import { folderOf, temporaryFolder } from '../../folder.ts';
import { checkParts } from '../flawed.ts';

const bash = (command: string) => ({ tool: 'bash', arguments: { command } });
const sum = 'awk -F, \'{ n += $2 } END { print "crates in all: " n }\' crates.csv > total.txt';
const graded = (test: string) =>
  `#!/bin/bash\ncd /home/agent/work\nif ${test}; then echo 1; else echo 0; fi > /logs/verifier/reward.txt\n`;

/** A task without a flaw, and changes of it. */
const task = (changes: Record<string, string> = {}): Record<string, string> => ({
  'task.toml': '[metadata]\ndifficulty = "easy"\n',
  'instruction.md': 'Write the sum of all crates into total.txt.\n',
  'proctor.toml':
    'environment = "shell"\n[contract]\nmay_change = ["/home/agent/work/**"]\n[verify]\nby = "script"\n',
  'reference.json': JSON.stringify([bash('cat crates.csv'), bash(sum)]),
  'environment/crates.csv': 'Ana,12\nBo,30\n',
  'tests/test.sh': graded('test "$(cat total.txt)" = "crates in all: 42"'),
  ...changes,
});

const generator = (words: string) => `export default (seed, random) => (${words});\n`;

/** Each flaw in a task of its own. */
const flawed: Record<string, Record<string, string>> = {
  history: task(),
  empty: task({ 'tests/test.sh': graded('test -f total.txt && ! grep -q wrong total.txt') }),
  module: task({
    'environment/lib.sh': 'total() { cat total.txt; }\n',
    'tests/test.sh': `#!/bin/bash\ncd /home/agent/work\n. ./lib.sh\nif test "$(total)" = "crates in all: 42"; then echo 1; else echo 0; fi > /logs/verifier/reward.txt\n`,
  }),
  nop: task({ 'tests/test.sh': graded('test -f crates.csv') }),
  seed: task({ 'generate.ts': generator('{ words: { 12: "12" }, covariates: { rows: 2 } }') }),
  instances: task({ 'generate.ts': generator('{ words: { 30: String(random.int(31, 99)) } }') }),
  pinned: task({
    'proctor.toml': '[verify]\nby = "script"\n',
    'environment/Dockerfile': 'FROM debian:bookworm-slim\nCOPY crates.csv /home/agent/work/\n',
  }),
  regrade: task({ 'tests/test.sh': '#!/bin/bash\necho "0.$RANDOM" > /logs/verifier/reward.txt\n' }),
  reward: task({ 'environment/.grade/reward.txt': '0\n' }),
};

function suiteOf(tasks: Record<string, Record<string, string>>): string {
  const files = Object.entries(tasks).flatMap(([name, one]) =>
    Object.entries(one).map(([path, text]): [string, string] => [`tasks/depot/${name}/${path}`, text]),
  );
  return join(folderOf(Object.fromEntries(files)), 'tasks/depot');
}

/** A repository in which the answer was committed, and taken out again. */
function commitAnswer(dir: string): void {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', ...args]);
  git('init', '-q');
  execFileSync('bash', ['-c', sum], { cwd: dir });
  git('add', '-A');
  git('commit', '-qm', 'all of it');
  git('rm', '-q', 'total.txt');
  git('commit', '-qm', 'without the total');
}

async function flawsIn(dir: string): Promise<Record<string, string>> {
  const { lines } = await audit(dir, { sandbox: 'embedded' });
  return Object.fromEntries(
    lines
      .filter(({ status }) => status === 'flaw')
      .map(({ name, evidence }) => [name, evidence.map((line) => line.split(':')[0]).join(' ')]),
  );
}

describe('an audit', () => {
  test('finds each of nine planted flaws in the task that has it', async () => {
    const dir = suiteOf(flawed);
    commitAnswer(join(dir, 'history/environment'));
    const flaws = await flawsIn(dir);
    for (const name of Object.keys(flawed)) expect(flaws[name] ?? `no ${name}`).toContain(`depot/${name}`);
  });

  test('finds no flaw in a suite that has none, and says what it did not look at', async () => {
    const { lines } = await audit(suiteOf({ sum: task() }), { sandbox: 'embedded' });
    expect(lines.filter(({ status }) => status === 'flaw')).toEqual([]);
    expect(lines.find(({ name }) => name === 'history')).toEqual({
      ...{ name: 'history', status: 'not looked at' },
      evidence: ['1 task: it holds no git repository'],
    });
  });

  test('does not call a history fine that it could not read', async () => {
    const dir = suiteOf({ sum: task({ 'environment/crates.bundle': '# v2 git bundle\n' }) });
    const { lines } = await audit(dir, { sandbox: 'embedded' });
    const history = lines.find(({ name }) => name === 'history');
    expect(history?.status).toBe('not looked at');
    expect(history?.evidence.join()).toContain('/home/agent/work/crates.bundle');
  });

  test('finds no flaw in the quickstart, whose server dies as infrastructure', async () => {
    const { lines } = await audit('quickstart', { sandbox: 'embedded' });
    expect(lines.filter(({ status }) => status === 'flaw')).toEqual([]);
    expect(lines.find(({ name }) => name === 'killed')?.evidence).toContain(
      '3 of 6 tasks: the server "desk" killed: tool-server-failed, unscored',
    );
  });

  test('calls it a flaw where a trial whose sandbox was killed is scored', async () => {
    const provider = embeddedProvider();
    const one = loadTask(join(suiteOf({ sum: task() }), 'sum'));
    const setup = { task: one, environment: environmentOf(one) };
    const parts = checkParts(temporaryFolder(), provider, 1);
    const [oracle] = await runCheckedTrials([{ ...setup, agent: oracleAgent() }], parts);
    const outlives = await killedLine(setup, oracle, { ...parts, killSandbox: async () => {} });
    await provider.close();
    expect(outlives.status).toBe('flaw');
    expect(outlives.evidence.join()).toMatch(/^the sandbox was killed .* ended as submitted with reward 1/);
  });
});
