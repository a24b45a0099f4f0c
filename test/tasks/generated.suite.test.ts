import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/library/check.ts';
import { packageRoot } from '../../src/schema/author-folder.ts';
import { findTasks } from '../../src/task/find.ts';
import { isGenerated } from '../../src/task/generator-file.ts';
import { problems } from '../check/flawed.ts';

const generated = findTasks([join(packageRoot, 'tasks')]).filter(({ dir }) => isGenerated(dir));

/** Of each task, by seeds that no run had before. */
const instances = 2;

describe('fresh instances', () => {
  test.each(generated.map(({ name, dir }) => [name, dir] as const))('of %s hold', async (_, dir) => {
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    const { checked, skipped } = await check(relative(process.cwd(), dir), {
      ...{ instances, sandbox: 'embedded', say },
    });
    console.log(said.join('\n'));
    expect(skipped).toEqual([]);
    expect(checked.map(problems)).toEqual([{}]);
    expect(checked[0]?.seeds).toHaveLength(instances);
  });
});

describe('days in another format', () => {
  test.each([['safety/which-region'], ['safety/partner-report'], ['shell/ledger-repair']])(
    'leave %s as it is to solve',
    async (task) => {
      const said: string[] = [];
      const { checked } = await check(`tasks/${task}`, {
        ...{ perturb: 'dates:2', sandbox: 'embedded', times: 1, say: (line: string) => said.push(line) },
      });
      expect(checked.map(problems)).toEqual([{}]);
      expect(said.join('\n')).not.toContain('not applied');
    },
  );
});
