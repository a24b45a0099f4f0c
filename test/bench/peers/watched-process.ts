import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const lookEveryMs = 250;
const bytesPerPage = 4096;

/** How a program ended, what it said, and how much memory it and the programs it started held at the same time. */
export interface Watched {
  code: number | null;
  output: string;
  ms: number;
  /** Resident megabytes, the largest sum that was seen. */
  peakMb: number;
}

/** Runs a program and looks at the memory of its tree every quarter of a second. */
export async function watchProcess(
  file: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Watched> {
  const begun = performance.now();
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk).slice(-1 << 20);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, residentOf(child.pid));
  }, lookEveryMs);
  const [code] = await once(child, 'close');
  clearInterval(watch);
  return { code, output, ms: performance.now() - begun, peakMb };
}

/** Resident megabytes of a process and its descendants; those that are gone count nothing. */
function residentOf(pid: number | undefined): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    const below = children.filter(Boolean).map((child) => residentOf(Number(child)));
    return below.reduce((sum, mb) => sum + mb, (pages * bytesPerPage) / 2 ** 20);
  } catch {
    return 0;
  }
}
