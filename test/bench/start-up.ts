import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';
import { benchTask } from './trials.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const samples = 15;

/** Processor time, in milliseconds, of short commands, in turns with that of Node doing nothing. */
export async function measureStartUp(): Promise<Figure[]> {
  const out = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  try {
    const proctor = (...args: string[]) => [cli, ...args, '--out', out];
    processorMs(proctor('run', benchTask('calls'), '--agent', 'oracle', '--sandbox', 'embedded'));
    return [
      figure('start: --version', [cli, '--version'], '< 250'),
      figure('start: --help', [cli, '--help'], '< 250'),
      figure('start: run --help', [cli, 'run', '--help'], '< 250'),
      figure('start: a wrong flag', [cli, 'run', '--nope'], '< 250'),
      figure('start: show last', proctor('show', 'last'), '< 500'),
      figure('start: list', proctor('list'), '< 500'),
    ];
  } finally {
    rmSync(out, { recursive: true });
  }
}

function figure(name: string, args: string[], target: string): Figure {
  processorMs(args);
  const pairs = Array.from({ length: samples }, () => ({
    ours: processorMs(args),
    floor: processorMs(['-e', '0']),
  }));
  return {
    name,
    unit: 'ms',
    ours: pairs.map(({ ours }) => ours),
    floor: pairs.map(({ floor }) => floor),
    target,
  };
}

/** User and system time of one process: on a busy machine it says more than the clock on the wall, which stands in elsewhere. */
function processorMs(args: string[]): number {
  const before = usedByChildren();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return usedByChildren() - before;
}

/** What all children that have ended used, in milliseconds, told in hundredths of a second. */
function usedByChildren(): number {
  if (!existsSync('/proc/self/stat')) return performance.now();
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
