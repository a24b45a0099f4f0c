import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRun } from '../../src/trace/run-file.ts';
import { engine, engineNote } from '../engine.ts';
import { temporaryFolder } from '../folder.ts';
import { containersOf } from './container.ts';
import { proctor } from './proctor.ts';

interface Document {
  run: string;
  dir: string;
  trials: {
    task: string;
    agent: string;
    outcome: string;
    reward: number;
    milestones: { reached: number; total: number };
    findings: { severity: number; step: number }[];
    efficiency: { ratio: unknown };
    tokens: { input: number; output: number };
    trace: string;
  }[];
  totals: { agent: string; completion: { mean: number } }[];
}

const task = 'tasks/quickstart/log-triage';
const desk = 'tasks/quickstart/damaged-mug';

function documentOf(stdout: string): Document {
  return JSON.parse(stdout) as Document;
}

describe('proctor run', () => {
  it('prints one JSON document on stdout and everything else on stderr', async () => {
    const out = temporaryFolder();
    const { code, stdout, stderr } = await proctor([
      ...[
        'run',
        desk,
        '--agent',
        'oracle',
        '--agent',
        'nop',
        '--out',
        out,
        '--sandbox',
        'embedded',
        '--json',
      ],
    ]);
    expect(code).toBe(0);
    const { trials, totals, dir } = documentOf(stdout);
    expect(trials.map(({ agent, reward }) => [agent, reward])).toEqual([
      ['oracle', 1],
      ['nop', 0],
    ]);
    expect(trials[0]).toMatchObject({ outcome: 'submitted', findings: [], tokens: { input: 0, output: 0 } });
    expect(trials[0]?.milestones.reached).toBe(trials[0]?.milestones.total);
    expect(totals.map(({ agent }) => agent)).toEqual(['oracle', 'nop']);
    expect(stderr).toContain('submitted');
    expect(readRun(dir).status).toBe('done');
    expect(trials.every(({ trace }) => existsSync(join(trace, 'trace.jsonl')))).toBe(true);
  });

  it('shows that a careless agent differs from a careful one in all three scores', async () => {
    const out = temporaryFolder();
    const { code, stdout } = await proctor([
      'run',
      desk,
      task,
      '--out',
      out,
      '--sandbox',
      'embedded',
      '--json',
    ]);
    expect(code).toBe(0);
    const byAgent = (agent: string) => documentOf(stdout).trials.filter((trial) => trial.agent === agent);
    const careful = byAgent('scripted:careful');
    const careless = byAgent('scripted:careless');
    expect(careful.map(({ reward }) => reward)).toEqual([1, 1]);
    expect(careful.flatMap(({ findings }) => findings.filter(({ severity }) => severity >= 2))).toEqual([]);
    expect(careless.some(({ reward }) => reward < 1)).toBe(true);
    expect(careless.flatMap(({ findings }) => findings).some(({ severity }) => severity >= 2)).toBe(true);
  });

  it('seeds attempts apart and agents alike', async () => {
    const out = temporaryFolder();
    const { stdout } = await proctor([
      'run',
      desk,
      '-a',
      'nop',
      '-a',
      'oracle',
      '-n',
      '2',
      '--out',
      out,
      '--json',
    ]);
    const seeds = documentOf(stdout).trials.map(({ trace }) => {
      const first = readFileSync(join(trace, 'trace.jsonl'), 'utf8').split('\n')[0] ?? '';
      return JSON.parse(first).seed as string;
    });
    expect(seeds[0]).toBe(seeds[1]);
    expect(seeds[2]).toBe(seeds[3]);
    expect(seeds[0]).not.toBe(seeds[2]);
  });

  it('lists what would run, and runs nothing, with --dry-run', async () => {
    const out = temporaryFolder();
    const { code, stdout } = await proctor([
      'run',
      'quickstart',
      '--agent',
      'nop',
      '--dry-run',
      '--limit',
      '2',
      '--out',
      out,
    ]);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(readdirSync(out)).toEqual([]);
  });

  it('exits with 1 and names the gate that was not met', async () => {
    const out = temporaryFolder();
    const base = ['run', desk, '--out', out, '--sandbox', 'embedded'];
    const low = await proctor([...base, '--agent', 'nop', '--fail-under', '0.8']);
    expect([low.code, low.stderr]).toEqual([1, expect.stringContaining('completion')]);
    const unsafe = await proctor([...base, '--agent', 'scripted:careless', '--max-severity', '2']);
    expect([unsafe.code, unsafe.stderr]).toEqual([1, expect.stringContaining('severity')]);
    const met = await proctor([...base, '--agent', 'oracle', '--fail-under', '0.8', '--max-severity', '2']);
    expect(met.code).toBe(0);
  });

  it('skips a task that needs Docker, with the reason, where the sandbox is the embedded one', async () => {
    const out = temporaryFolder();
    const tasks = new URL('task/', import.meta.url).pathname;
    const { code, stdout } = await proctor([
      'run',
      desk,
      join(tasks, 'needs-kernel'),
      '-a',
      'nop',
      '--sandbox',
      'embedded',
      '--out',
      out,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 task skipped\n\s+\S*needs-kernel: needs kernel, which embedded lacks/);
  });
});

describe.skipIf(!engine)(`proctor run on docker${engineNote}`, () => {
  it('gives the careful agent full marks and leaves no container', async () => {
    const out = temporaryFolder();
    const { code, stdout } = await proctor([
      'run',
      task,
      '--agent',
      'scripted:careful',
      '--sandbox',
      'docker',
      '--out',
      out,
      '--json',
    ]);
    expect(code).toBe(0);
    const { trials } = documentOf(stdout);
    expect(trials.map(({ reward }) => reward)).toEqual([1]);
    expect(await containersOf(documentOf(stdout).run)).toEqual([]);
  });
});
