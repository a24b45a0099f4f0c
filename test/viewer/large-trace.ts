import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beginTrial, type MadeCall, noRecursiveDelete, writeMadeRun } from './made-run.ts';

const steps = 10_000;
const callsPerStep = 3;
const findings = 500;
const storedBytes = 200e6;
const largest = 20e6;
const inlineBytes = 1400;

/**
 * Writes a run with one trial of 10,000 steps and 30,000 calls into a folder: 200 MB of output in bodies, the largest of
 * 20 MB, about 100 MB in the log, and 500 commands that break a rule.
 */
function writeLargeTrace(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
  const trial = beginTrial(dir, 'large', { rules: [noRecursiveDelete] });
  const longOutputs = steps / 2;
  const length = Math.floor((storedBytes - largest) / longOutputs);
  for (let step = 0; step < steps; step++) {
    const unsafe = step % (steps / findings) === 7;
    const calls: MadeCall[] = Array.from({ length: callsPerStep }, (_, index) => ({
      args: { command: unsafe && index === 0 ? `rm -rf build-${step}` : `cat part-${step}-${index}.txt` },
      content: [{ type: 'text', text: text(inlineBytes, `${step}.${index}`) }],
      isError: step % 50 === 3 && index === 2,
    }));
    if (step % 2 === 0 && calls[1]) calls[1].content = [{ type: 'text', text: text(length, `${step}`) }];
    if (step === steps / 2 && calls[2]) calls[2].content = [{ type: 'text', text: text(largest, 'largest') }];
    trial.step({
      say: `Step ${step}: ${text(300, `${step}`)}`,
      request: text(2000, `request ${step}`),
      calls,
    });
  }
  writeMadeRun(dir, { large: trial.end() });
}

/** Lines of this many characters in all, which no other seed gives. */
function text(length: number, seed: string): string {
  const line = `${seed} the quick brown fox jumps over the lazy dog, and the dog looks up at the fox\n`;
  return line.repeat(Math.ceil(length / line.length)).slice(0, length);
}

const [dir = 'traces'] = process.argv.slice(2);
writeLargeTrace(join(dir, 'made'));
