import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { packageRoot } from '../../src/schema/author-folder.ts';
import { openFolderStore } from '../../src/store/folder.ts';
import { manifest, packTasks, tasksOfManifest } from '../../src/store/manifest.ts';
import { openPackCache } from '../../src/store/unpack.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf, temporaryFolder } from '../folder.ts';

/** What a machine makes of a manifest that has nothing but the store. */
async function elsewhere(dir: string, roots: string[] = []) {
  const store = await openFolderStore(temporaryFolder());
  const task = loadTask(dir);
  const environment = environmentOf(task, { roots });
  const packed = manifest.parse(JSON.parse(JSON.stringify(await packTasks(store, [{ task, environment }]))));
  const cache = openPackCache(store, temporaryFolder());
  const setup = await tasksOfManifest({ manifest: packed, cache, load: loadTask })(task.name);
  return { here: { task, environment }, there: setup, packed, store };
}

describe('the tasks of a run on another machine', () => {
  it('are those it was started with, their environments and images too', async () => {
    const { here, there } = await elsewhere(join(packageRoot, 'tasks/support-desk/double-charge'));
    const { dir, ...task } = there.task;
    const { dir: from, ...started } = here.task;
    expect(task).toEqual({ ...started, startedFrom: from });
    expect(dir).not.toBe(from);
    expect(there.environment.digest).toBe(here.environment.digest);
    expect(there.environment.dir.startsWith(packageRoot)).toBe(false);
  });

  it('bring the images that they or their environments are built from', async () => {
    const dir = folderOf({
      'tasks/own/task.toml': 'version = "1.0"\n',
      'tasks/own/instruction.md': 'Do it.\n',
      'tasks/own/tests/test.sh': 'exit 0\n',
      'tasks/own/environment/Dockerfile': 'FROM debian:bookworm-slim\nWORKDIR /srv\n',
    });
    const own = await elsewhere(join(dir, 'tasks/own'));
    expect(own.packed.environments).toEqual([]);
    expect(own.there.task.image).toMatchObject({
      kind: 'build',
      context: join(own.there.task.dir, 'environment'),
    });
    expect(own.there.environment.config.workdir).toBe('/srv');

    cpSync(join(packageRoot, 'environments/shell'), join(dir, 'environments/shell'), { recursive: true });
    cpSync(join(packageRoot, 'sandbox-images'), join(dir, 'sandbox-images'), { recursive: true });
    writeFileSync(join(dir, 'sandbox-images/shell/changed'), 'changed');
    const roots = [join(dir, 'environments')];
    const { here, there } = await elsewhere(join(packageRoot, 'tasks/shell/sales-report'), roots);
    expect(here.environment.dir).toBe(join(dir, 'environments/shell'));
    const image = there.environment.image;
    expect(image?.kind === 'build' && existsSync(join(image.context, 'changed'))).toBe(true);
    expect(image).not.toEqual(here.environment.image);
  });

  it('are refused where they are not what the run was started with', async () => {
    const dir = folderOf({});
    cpSync(join(packageRoot, 'tasks/support-desk/double-charge'), dir, { recursive: true });
    const store = await openFolderStore(temporaryFolder());
    const task = loadTask(dir, 'desk/mine');
    const setup = { task, environment: environmentOf(task) };
    writeFileSync(join(dir, 'instruction.md'), 'Something else.\n');
    const packed = await packTasks(store, [setup]);
    const cache = openPackCache(store, temporaryFolder());
    const load = tasksOfManifest({ manifest: packed, cache, load: loadTask });
    await expect(load('desk/mine')).rejects.toMatchObject({
      code: 'bad-file',
      message: 'task desk/mine: is not what the run was started with; it changed while it was packed',
    });
    await expect(load('desk/other')).rejects.toMatchObject({ code: 'not-found' });
  });
});
