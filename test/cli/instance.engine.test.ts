import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../folder.ts';
import { proctor } from './proctor.ts';

const task = 'support-desk/double-charge';

test('an instance is run by its seed, recorded as such, and replayed where the run was moved', async () => {
  const [out, moved] = [temporaryFolder(), join(temporaryFolder(), 'moved')];
  const flags = ['--agent', 'oracle', '--sandbox', 'embedded', '--out', out];
  const { stdout, code } = await proctor(['run', task, '--instance-seed', 's1', ...flags]);
  expect(stdout).toMatch(/^support-desk\/double-charge@s1 +oracle +submitted +1\.00/m);
  expect(code).toBe(0);
  renameSync(out, moved);
  const [id = ''] = readdirSync(moved);
  const recorded = JSON.parse(readFileSync(join(moved, id, 'run.json'), 'utf8'));
  expect(recorded.config.tasks[0]).toMatchObject({
    cluster: `template ${task}`,
    instance: { base: task, seed: 's1', kind: 'variant' },
  });
  const replayed = await proctor(['replay', 'last', '--out', moved]);
  expect(replayed.stdout).toContain('identical');
});
