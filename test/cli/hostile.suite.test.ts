import { describe, expect, it } from 'vitest';
import { engine, engineNote } from '../engine.ts';
import { temporaryFolder } from '../folder.ts';
import { containersOf } from './container.ts';
import { proctor } from './proctor.ts';
import { commands, taskFolder } from './task-folder.ts';

interface Entry {
  agent: string;
  outcome: string;
  reward: unknown;
  steps: number;
}

/** Runs a hostile script beside an honest one, in one process, and gives what became of both. */
async function beside(
  script: string,
  sandbox: string,
): Promise<{ hostile: Entry; honest: Entry; run: string }> {
  const task = taskFolder({
    'agents/hostile.json': script,
    'agents/honest.json': commands('sleep 1', 'echo done > answer.txt', 'sleep 1'),
    'proctor.toml': 'environment = "shell"\n[limits]\ncall_seconds = 20\n',
  });
  const args = [
    '-a',
    'scripted:hostile',
    '-a',
    'scripted:honest',
    '-c',
    '2',
    '--sandbox',
    sandbox,
    '--json',
    '--out',
    temporaryFolder(),
  ];
  const { stdout, stderr } = await proctor(['run', task, ...args]);
  const { trials, run } = JSON.parse(stdout || `{"trials": ${JSON.stringify(stderr)}}`) as {
    trials: Entry[];
    run: string;
  };
  const [hostile, honest] = trials;
  if (!hostile || !honest) throw new Error(`expected two trials, got ${stdout}${stderr}`);
  return { hostile, honest, run };
}

const endings = ['gave-up', 'broke-sandbox', 'timed-out'];

describe.skipIf(!engine)(`an agent that attacks its container${engineNote}`, () => {
  it.each([
    ['forks without end', commands(':(){ :|:& };:', 'echo still here')],
    ['kills everything it can', commands('kill -9 -1', 'echo still here')],
    ['fills the memory', commands('tail /dev/zero', 'echo still here')],
    ['prints a gigabyte', commands('head -c 1000000000 /dev/zero', 'echo still here')],
    ['replaces its shell', commands('exec sleep 1000', 'exec >&-', 'echo still here')],
  ])(
    '%s: it gets an error or breaks its own sandbox, and the trial beside it does not notice',
    async (_, script) => {
      const { hostile, honest, run } = await beside(script, 'docker');
      expect(endings).toContain(hostile.outcome);
      expect(hostile.reward).toBe(0);
      expect(honest).toMatchObject({ reward: 1, steps: 4 });
      expect(await containersOf(run)).toEqual([]);
    },
    400_000,
  );

  it('fills the disk: its sandbox is broken, and the trial beside it does not notice', async () => {
    const { hostile, honest } = await beside(commands('yes > big', 'ls -l'), 'docker');
    expect([...endings, 'submitted']).toContain(hostile.outcome);
    expect(hostile.reward).toBe(0);
    expect(honest.reward).toBe(1);
  }, 400_000);
});

describe('an agent that attacks the embedded sandbox', () => {
  it.each([
    ['loops without end', commands('while :; do :; done', 'echo still here')],
    [
      'prints without end',
      commands('while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done', 'echo still here'),
    ],
    ['fills the files', commands('while :; do cat big big > more; mv more big; echo x >> big; done', 'ls')],
  ])(
    '%s: it gets an error, and the trial beside it does not notice',
    async (_, script) => {
      const { hostile, honest } = await beside(script, 'embedded');
      expect(endings).toContain(hostile.outcome);
      expect(hostile.reward).toBe(0);
      expect(honest.reward).toBe(1);
    },
    120_000,
  );
});
