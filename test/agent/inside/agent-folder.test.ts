import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAgentFolder } from '../../../src/agent/inside/agent-folder.ts';
import { readText } from '../../../src/schema/author-file.ts';
import { foldersIn, isFile, packageRoot } from '../../../src/schema/author-folder.ts';
import { folderOf } from '../../folder.ts';

const toml = 'description = "Mine."\ncommand = "mine {model}"\napis = ["chat"]\n';
const shipped = foldersIn(join(packageRoot, 'sandbox-images/agents'));

describe('the folder of an agent', () => {
  it('is found in the working directory first, and has a layer where it has a Dockerfile', () => {
    const folder = folderOf({
      'sandbox-images/agents/mini/agent.toml': `name = "mini"\n${toml}`,
      'sandbox-images/agents/built/agent.toml': `name = "built"\n${toml}[tools.look]\neffect = "read"\n`,
      'sandbox-images/agents/built/Dockerfile': 'ARG BASE\nFROM $BASE\n',
    });
    const mini = loadAgentFolder('mini', folder);
    expect(mini).toMatchObject({ command: 'mine {model}', variables: {}, files: {} });
    expect(mini.layer).toBeUndefined();
    const built = loadAgentFolder('built', folder);
    expect(built.layer).toBe(join(folder, 'sandbox-images/agents/built'));
    expect(built.tools.look?.effect).toBe('read');
    expect(loadAgentFolder('mini').command).toContain('mini.py');
  });

  it('is missed by its nearest name, and refused under another one than its own', () => {
    expect(() => loadAgentFolder('mimi')).toThrow(/^no agent "mimi" for inside:; .*did you mean "?mini/);
    const folder = folderOf({ 'sandbox-images/agents/two/agent.toml': `name = "one"\n${toml}` });
    expect(() => loadAgentFolder('two', folder)).toThrow(/agent\.toml: name: expected "two"/);
  });

  it.each(shipped)('of %s locks the very versions that it names', (name) => {
    const { layer = '', versions } = loadAgentFolder(name);
    const lock = join(layer, 'package-lock.json');
    const { packages = {} } = isFile(lock) ? JSON.parse(readText(lock)) : {};
    const { dependencies = {}, optionalDependencies = {} } = packages[''] ?? {};
    expect(versions).toEqual({ ...dependencies, ...optionalDependencies });
    for (const [what, version] of Object.entries(versions))
      expect(packages[`node_modules/${what}`]).toMatchObject({ version, integrity: expect.any(String) });
  });
});
