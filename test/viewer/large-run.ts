import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../src/schema/run.ts';
import { sampleRun } from './viewed.ts';

/** Writes a run of 1,000 trials into a folder: those of the sample, over and over. */
const [dir = '', copies = '250'] = process.argv.slice(2);

const run: Run = JSON.parse(readFileSync(join(sampleRun, 'run.json'), 'utf8'));
const target = join(dir, run.run);
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
cpSync(join(sampleRun, 'bodies'), join(target, 'bodies'), { recursive: true });
const trials = Array.from({ length: Number(copies) }, (_, copy) =>
  run.trials.map((one) => {
    const folder = `${one.dir}-${copy}`;
    cpSync(join(sampleRun, one.dir), join(target, folder), { recursive: true });
    return { ...one, trial: folder, dir: folder, attempt: copy + 1 };
  }),
).flat();
writeFileSync(join(target, 'run.json'), JSON.stringify({ ...run, trials }));
