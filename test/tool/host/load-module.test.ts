import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadModule } from '../../../src/tool/host/load-module.ts';
import { folderOf } from '../../folder.ts';

it('loads a module where its compiled form cannot be kept', async () => {
  const dir = folderOf({ 'tools.ts': 'export default (): object => ({ tools: [] });\n' });
  // No file can be made there, whoever tries.
  const made = await loadModule(join(dir, 'tools.ts'), '/proc/self');
  expect(await made({} as never)).toEqual({ tools: [] });
});

it('says what is wrong with a module that fails with an error of the file system', async () => {
  const dir = folderOf({ 'tools.ts': "import { readFileSync } from 'node:fs';\nreadFileSync('/none');\n" });
  const cache = folderOf({});
  await expect(loadModule(join(dir, 'tools.ts'), cache)).rejects.toThrow(
    /cannot be loaded: ENOENT.*'\/none'/,
  );
});
