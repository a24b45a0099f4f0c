import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf } from '../folder.ts';
import { proctor } from './proctor.ts';

const quick = ['--sandbox', 'embedded', '--times', '1'];

/** A copy of a quickstart task with one of its files changed. */
function changed(task: string, file: string, change: (text: string) => string): string {
  const dir = folderOf({});
  cpSync(join('tasks/quickstart', task), dir, { recursive: true });
  writeFileSync(join(dir, file), change(readFileSync(join(dir, file), 'utf8')));
  return dir;
}

describe('proctor check', () => {
  test('shows a row per task and a column per proof, and exits with 0', async () => {
    const { stdout, code } = await proctor([
      'check',
      'quickstart/past-window',
      'environments/support-desk',
      '--propose-contract',
      ...quick,
    ]);
    expect(stdout).toMatch(/^environment +opens +policy +repeat$/m);
    expect(stdout).toMatch(/^support-desk +ok +ok +–$/m);
    expect(stdout).toMatch(/^quickstart\/past-window +ok +ok +ok +ok +ok +ok +– +ok +ok +ok +–$/m);
    expect(stdout).toMatch(/^contract\.protected +policy-violation, evaluator-tampering$/m);
    expect(stdout).toContain('[[contract.messages]]\nto = "C-104"');
    expect(code).toBe(0);
  });

  test('exits with 1 where a proof fails, and says in JSON what to fix', async () => {
    const dir = changed('past-window', 'reference.json', (text) => text.replace('"declined"', '"informed"'));
    const { stdout, stderr, code } = await proctor(['check', dir, '--json', ...quick]);
    const document = JSON.parse(stdout);
    const failed = document.checked[0].proofs.filter((one: { status: string }) => one.status === 'failed');
    expect(document.passed).toBe(false);
    expect(failed[0]).toMatchObject({ name: 'oracle' });
    expect(failed[0].problems[0]).toContain('reference.json: gets 0 instead of 1 (ticket-closed-as-declined');
    expect(stderr).toContain('proofs failed for');
    expect(code).toBe(1);
  });

  test('exits with 2 where a file is mistaken', async () => {
    const dir = changed('past-window', 'proctor.toml', (text) => text.replace('may_change', 'may_chnage'));
    const { stderr, code } = await proctor(['check', dir, ...quick]);
    expect(stderr).toContain('contract.may_chnage: unknown key; did you mean "may_change"?');
    expect(code).toBe(2);
  });

  test('lists what needs another sandbox as skipped', async () => {
    const dir = changed('log-triage', 'proctor.toml', (text) => `needs = ["kernel"]\n${text}`);
    const { stdout, stderr, code } = await proctor(['check', dir, ...quick]);
    expect(stdout).toContain('skipped: needs kernel, which embedded lacks');
    expect(stderr).toContain('nothing was proved: all was skipped');
    expect(code).toBe(1);
  });

  test('keeps the traces where it is asked to', async () => {
    const kept = folderOf({});
    await proctor(['check', 'environments/support-desk', '--keep', kept, ...quick]);
    const { stdout, code } = await proctor(['show', 'last', '--out', kept]);
    expect(stdout).toContain('nop');
    expect(code).toBe(0);
  });
});
