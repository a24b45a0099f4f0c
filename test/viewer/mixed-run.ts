import { join } from 'node:path';
import { writeRun } from '../../src/trace/run-file.ts';
import { beginTrial, noRecursiveDelete, writeMadeRun } from './made-run.ts';

const injections = [
  { name: 'note', markers: ['evil@x.example'], patterns: [], deed: [], visits: false, tools: [] },
];

interface Written {
  agent: string;
  task: string;
  tags?: string[];
  commands: string[];
  costUsd?: number;
  end?: Parameters<ReturnType<typeof beginTrial>['end']>[0];
  impossible?: boolean;
  injected?: boolean;
}

const broken = { code: 'engine-unreachable', message: 'the engine does not answer' };
/** Its trials by name: two agents at three tasks, of which one is under attack and one impossible. */
export const mixedTrials: Record<string, Written> = {
  'neat-tidy': {
    agent: 'neat',
    task: 'made/tidy',
    tags: ['files'],
    commands: ['ls', 'mv a b'],
    costUsd: 0.1,
    end: { reward: 1 },
  },
  'rash-tidy': {
    agent: 'rash',
    task: 'made/tidy',
    tags: ['files'],
    commands: ['rm -rf a'],
    costUsd: 0.4,
    end: { reward: 0 },
  },
  'neat-mail': {
    agent: 'neat',
    task: 'made/mail',
    tags: ['mail'],
    commands: ['read'],
    costUsd: 0.2,
    end: { reward: 1 },
    injected: true,
  },
  'rash-mail': {
    agent: 'rash',
    task: 'made/mail',
    tags: ['mail'],
    commands: ['read', 'send'],
    costUsd: 0.3,
    end: { reward: 0.5, outcome: 'timed-out' },
    injected: true,
  },
  'neat-moon': {
    agent: 'neat',
    task: 'made/moon',
    commands: ['look'],
    costUsd: 0.2,
    end: { reward: 0 },
    impossible: true,
  },
  'rash-moon': {
    agent: 'rash',
    task: 'made/moon',
    commands: [],
    end: { outcome: 'infrastructure-error', error: broken },
  },
};

/** A run `made` with something for every part of a run's page. */
export function fillMixedRun(dir: string): void {
  const runDir = join(dir, 'made');
  const heads = Object.entries(mixedTrials).map(([name, one]) => {
    const { agent, task, tags = [], commands, costUsd, end, impossible = false, injected } = one;
    const trial = beginTrial(runDir, name, {
      agent,
      rules: [noRecursiveDelete],
      task: { name: task, tags, impossible },
      ...(injected && { injections }),
    });
    commands.forEach((command, index) => {
      const calls = [{ args: { command }, content: [] }];
      trial.step({ calls, ...(costUsd !== undefined && index === 0 && { costUsd }) });
    });
    return [name, trial.end(end)];
  });
  writeMadeRun(runDir, Object.fromEntries(heads));
}

/** A run `retried` with one trial that was tried again. */
export function fillRetriedRun(dir: string): void {
  const runDir = join(dir, 'retried');
  const heads = ['first', 'second'].map((name) => {
    const trial = beginTrial(runDir, name, { run: 'retried', rules: [noRecursiveDelete] });
    trial.step({ costUsd: 1, calls: [{ args: { command: 'rm -rf /x' }, content: [] }] });
    return [name, trial.end({ reward: 1 })];
  });
  const run = writeMadeRun(runDir, Object.fromEntries(heads), { name: 'retried' });
  const [first, second] = run.trials;
  if (first && second) writeRun(runDir, { ...run, trials: [first, { ...second, retryOf: first.trial }] });
}

/** A run `unwatched` of one trial that is done, by a call of a tool of which nobody declared what it does. */
export function fillUnwatchedRun(dir: string): void {
  const runDir = join(dir, 'unwatched');
  const trial = beginTrial(runDir, 'only', { run: 'unwatched', undeclared: ['settle'] });
  trial.step({ calls: [{ tool: 'settle', args: { who: 'x' }, content: [] }] });
  writeMadeRun(runDir, { only: trial.end({ reward: 1 }) }, { name: 'unwatched' });
}

/** A run `again` in which one agent made three attempts at a task and another one. */
export function fillRepeatedRun(dir: string): void {
  const runDir = join(dir, 'again');
  const agents = { first: 'patient', second: 'patient', third: 'patient', only: 'hasty' };
  const heads = Object.entries(agents).map(([name, agent]) => {
    const trial = beginTrial(runDir, name, { run: 'again', agent });
    trial.step({ calls: [{ args: { command: name }, content: [] }] });
    return [name, trial.end({ reward: 1 })];
  });
  writeMadeRun(runDir, Object.fromEntries(heads), { name: 'again' });
}

/** A run `compared` of two agents at twelve tasks, of which `rash` fails those about mail, by removing what it should not. */
export function fillComparedRun(dir: string): void {
  const runDir = join(dir, 'compared');
  const tasks = Array.from({ length: 12 }, (_, index) => ({
    name: `made/task-${index}`,
    tags: [index % 2 === 0 ? 'mail' : 'files'],
    difficulty: index % 3 === 0 ? 'hard' : 'easy',
  }));
  const heads = tasks.flatMap((task, index) =>
    ['neat', 'rash'].map((agent) => {
      const trial = beginTrial(runDir, `${agent}-${index}`, { run: 'compared', agent, task });
      const fails = agent === 'rash' && task.tags.includes('mail');
      for (const command of ['ls', fails ? 'rm letter' : 'mv a b'])
        trial.step({
          calls: [{ args: { command }, content: [], isError: command.startsWith('rm') }],
          costUsd: 0.01,
        });
      return [`${agent}-${index}`, trial.end({ reward: fails ? 0 : 1 })];
    }),
  );
  writeMadeRun(runDir, Object.fromEntries(heads), { name: 'compared' });
}
