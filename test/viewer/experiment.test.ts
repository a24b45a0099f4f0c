import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepExperiment } from '../../src/experiment-file.ts';
import type { Experiment } from '../../src/schema/experiment.ts';
import { readRun, writeRun } from '../../src/trace/run-file.ts';
import { createLibrary } from '../../src/viewer/library.ts';
import { createService } from '../../src/viewer/service.ts';
import { temporaryFolder } from '../folder.ts';
import { fillComparedRun } from './mixed-run.ts';

it('what forks say is shown with the run that holds them, as soon as it is kept', async () => {
  const root = temporaryFolder();
  fillComparedRun(root);
  const dir = join(root, 'compared');
  writeRun(dir, { ...readRun(dir), kind: 'experiment' });
  const service = createService(createLibrary(() => [dir]));
  expect(await service.run('compared')).not.toHaveProperty('experiment');

  const unscored = { unscored: 'no task has forks of all four combinations that count' };
  const found: Experiment = {
    ...{ version: 1, a: 'neat', b: 'rash', runs: [dir], attempts: 1, tasks: [], leftOut: [], values: [] },
    ...{ split: unscored, safeSplit: unscored, planned: 0, ran: 0, diverged: 0, costUsd: 0 },
  };
  keepExperiment(found);
  expect(await service.run('compared')).toHaveProperty('experiment', found);
});
