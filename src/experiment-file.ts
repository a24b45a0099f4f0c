import { join } from 'node:path';
import { readAuthorFileIfPresent } from './schema/author-file.ts';
import { type Experiment, experiment } from './schema/experiment.ts';
import { writeWhole } from './trace/disk.ts';

const experimentFile = 'experiment.json';

/** What the forks of a run's folder say, as kept there; undefined where it holds those of no experiment, or not all yet. Throws `bad-file`. */
export function readExperiment(runDir: string): Experiment | undefined {
  return readAuthorFileIfPresent(join(runDir, experimentFile), experiment);
}

/** Keeps what an experiment says beside each run that its forks are recorded in. */
export function keepExperiment(found: Experiment): void {
  for (const dir of found.runs)
    writeWhole(join(dir, experimentFile), Buffer.from(`${JSON.stringify(found, null, 2)}\n`), {
      sync: false,
    });
}
