import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseRuns } from '../../src/viewer/library.ts';
import { temporaryFolder } from '../folder.ts';
import { sampleRun } from './viewed.ts';

const run = '20261124-145033-y79z';
const samples = 'traces/sample';
/** The newest first. */
const runs = [runOf(join(samples, 'safety')), run];
function runOf(dir: string): string {
  return (JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')) as { run: string }).run;
}

const found = (reference: string | undefined, tracesDir = samples) => {
  const { library, ...place } = chooseRuns(reference, tracesDir);
  return { ...place, runs: library.runs().map((one) => one.run) };
};

describe('what is to be looked at', () => {
  it('is all runs where nothing is named, or a folder of them', () => {
    expect(found(undefined)).toEqual({ runs });
    expect(found(samples, 'nowhere')).toEqual({ runs });
  });

  it('is a run, by its folder or as the last one', () => {
    expect(found(sampleRun)).toEqual({ run, runs });
    expect(found('last')).toEqual({ run: runs[0], runs });
  });

  it('is a trial, by its folder or the beginning of its id', () => {
    const { library } = chooseRuns(sampleRun, samples);
    const { trial, dir } = library.run(run).run.trials[1] ?? { trial: '', dir: '' };
    for (const reference of [join(sampleRun, dir), trial, trial.slice(0, 4)]) {
      expect(found(reference)).toMatchObject({ run, trial });
    }
  });

  it('is a trace that was copied without its run', () => {
    const { dir = '' } = chooseRuns(sampleRun, samples).library.run(run).run.trials[0] ?? {};
    const copied = join(temporaryFolder(), 'mailed');
    cpSync(join(sampleRun, dir), join(copied, 'one'), { recursive: true });
    expect(found(join(copied, 'one'))).toEqual({ run: 'mailed', trial: 'one', runs: ['mailed'] });
  });

  it('is refused in one line where there is nothing', () => {
    const empty = temporaryFolder();
    expect(() => chooseRuns(undefined, empty)).toThrow(`${empty}: no run here`);
    expect(() => chooseRuns('zzzz', samples)).toThrow(/zzzz/);
  });
});
