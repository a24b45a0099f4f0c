import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadProject, replay, runSuite } from '../../src/index.ts';
import { setOwnProviders } from '../../src/library/provider-module.ts';
import { folderOf, temporaryFolder } from '../folder.ts';

afterEach(() => setOwnProviders(new Map()));

/** Sandboxes of the embedded provider under a name of their own. */
const small = (name = 'small') => `import { embeddedProvider } from 'proctor';
export default ({ runId }) => {
  const embedded = embeddedProvider({ storageMb: 16 });
  const open = async (spec, signal) => {
    const sandbox = await embedded.open(spec, signal);
    return { ...sandbox, info: { ...sandbox.info, provider: '${name}', engine: 'small 1 of ' + runId } };
  };
  return { ...embedded, name: '${name}', open };
};`;
const project = (module: string, name = 'small') =>
  folderOf({
    'proctor.config.mjs': `export default { sandboxes: { ${name}: './small.ts' } };`,
    'small.ts': module,
  });
const run = (sandbox: string, out = temporaryFolder()) =>
  runSuite('quickstart/log-triage', { agent: 'oracle', sandbox, out });

describe('a sandbox provider of a project', () => {
  it('is taken by its name, runs trials, and is found again by what they recorded', async () => {
    await loadProject(project(small()));
    const { trials, record, sandbox } = await run('small');
    const [{ trace = '', score } = {}] = trials;
    expect(score?.completion.success).toBe(true);
    expect([sandbox, record.config.sandbox]).toEqual(['small (asked for)', 'small']);
    const opened = readFileSync(join(trace, 'trace.jsonl'), 'utf8')
      .split('\n')
      .find((line) => line.includes('sandbox.opened'));
    expect(JSON.parse(opened ?? '')).toMatchObject({
      provider: 'small',
      engine: `small 1 of ${record.run}`,
    });
    const again = await replay(trace);
    expect([again.sandbox, again.replays[0]?.verdict]).toEqual(['small', 'identical']);

    await loadProject(temporaryFolder());
    await expect(replay(trace)).rejects.toThrow(
      'no sandbox provider is called "small"; expected auto, docker, embedded, or the path of a module',
    );
  });

  it('is taken by the path of its module, too', async () => {
    const { sandbox } = await run(join(project(small()), 'small.ts'));
    expect(sandbox).toBe('small (asked for)');
  });

  it('is refused in one line where it is none', async () => {
    const refused = async (module: string, name?: string) => {
      await loadProject(project(module, name));
      await run(name ?? 'small');
    };
    await expect(refused('export default 7;')).rejects.toThrow(/small\.ts: name: /);
    await expect(refused('export default {')).rejects.toThrow(/small\.ts: cannot be loaded: /);
    await expect(refused(small().replace(', open }', ', open: 1 }'))).rejects.toThrow(
      /small\.ts: open: expected a function$/,
    );
    await expect(refused(small('large'))).rejects.toThrow(
      /small\.ts: name: expected "small", as the project calls it, got "large"$/,
    );
    await expect(refused(small('docker'), 'docker')).rejects.toThrow(
      /sandboxes: expected names .* that no provider has yet$/,
    );
    await expect(run('embeded')).rejects.toThrow(/called "embeded"; expected .*; did you mean "embedded"\?$/);
    await expect(run('./gone.ts')).rejects.toThrow('sandbox ./gone.ts: there is no file gone.ts');
  });
});
