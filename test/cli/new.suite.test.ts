import { describe, expect, test } from 'vitest';
import { engine, engineNote } from '../engine.ts';
import { folderOf } from '../folder.ts';
import { proctor } from './proctor.ts';

describe('proctor new', () => {
  test('writes an environment and tasks that pass a check at once', async () => {
    const cwd = folderOf({});
    const made = await proctor(['new', 'environment', 'depot'], { cwd });
    expect(made.stdout).toContain('environments/depot/environment.toml');
    expect(made.stdout).toContain('prove it with: proctor check tasks/depot/first');
    await proctor(['new', 'task', 'errands/one', '--environment', 'support-desk'], { cwd });
    await proctor(['new', 'task', 'files/one', '--environment', 'shell'], { cwd });
    const checked = await proctor(
      ['check', 'depot', 'errands', 'files', '--sandbox', 'embedded', '--times', '1'],
      { cwd },
    );
    expect(checked.stdout).toContain('all 4 hold');
    expect(checked.code).toBe(0);
  });

  test('writes generated tasks whose instances pass a check at once', async () => {
    const cwd = folderOf({});
    const made = await proctor(['new', 'task', 'files/sums', '--environment', 'shell', '--generated'], {
      cwd,
    });
    expect(made.stdout).toContain('tasks/files/sums/generate.ts');
    expect(made.stdout).toContain('prove it with: proctor check tasks/files/sums --instances 3');
    await proctor(['new', 'task', 'errands/sums', '--environment', 'support-desk', '--generated'], { cwd });
    const paths = ['files', 'errands'];
    const published = await proctor(['check', ...paths, '--sandbox', 'embedded', '--times', '1'], { cwd });
    expect(published.stdout).toContain('all 2 hold');
    const checked = await proctor(['check', ...paths, '--sandbox', 'embedded', '--instances', '3'], { cwd });
    expect(checked.stdout).toContain('all 2 hold');
    expect(checked.stdout).toContain('files/sums, 3 instances');
    expect(checked.code).toBe(0);
  });

  test('writes into other folders, and never over what is there', async () => {
    const cwd = folderOf({});
    const roots = ['--environments', 'worlds', '--tasks', 'exams'];
    const made = await proctor(['new', 'environment', 'depot', ...roots], { cwd });
    expect(made.stdout).toContain('proctor check exams/depot/first --environments worlds');
    const again = await proctor(['new', 'environment', 'depot', ...roots], { cwd });
    expect(again.stderr).toContain('worlds/depot is there already');
    expect(again.code).toBe(2);
    const task = await proctor(['new', 'task', 'depot/second', ...roots], { cwd });
    expect(task.code).toBe(0);
    const checked = await proctor(['check', 'depot/second', ...roots, '--times', '1'], { cwd });
    expect(checked.stdout).toContain('all 1 hold');
  });

  test('says what is missing where nobody can be asked', async () => {
    const { stderr, code } = await proctor(['new', 'environment']);
    expect(stderr).toContain('missing: name of the environment');
    expect(code).toBe(2);
    const unknown = await proctor(['new', 'environment', 'x', '--tools', 'remote']);
    expect(unknown.code).toBe(2);
  });

  test.skipIf(!engine)(
    `writes tools for the sandbox that pass too${engineNote}`,
    async () => {
      const cwd = folderOf({});
      await proctor(['new', 'environment', 'store', '--tools', 'sandbox'], { cwd });
      const checked = await proctor(['check', 'store', '--sandbox', 'docker', '--times', '1'], { cwd });
      expect(checked.stdout).toContain('all 2 hold');
      expect(checked.code).toBe(0);
    },
    400_000,
  );
});
