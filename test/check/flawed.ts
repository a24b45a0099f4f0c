import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { checkTasks } from '../../src/check/check-tasks.ts';
import type { CheckParts } from '../../src/check/checked-trial.ts';
import type { CheckResult, ProofName } from '../../src/check/proof.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { repeatableTrial } from '../../src/library/recorded-trial.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { loadTask } from '../../src/task/load.ts';

/** A copy of a quickstart task, gone when the test is over. */
export function copyOf(task: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-flawed-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  cpSync(`tasks/quickstart/${task}`, dir, { recursive: true });
  return dir;
}

/** Changes one file of a folder. */
export function edit(dir: string, file: string, change: (text: string) => string): void {
  const path = join(dir, file);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${file} was not changed`);
  writeFileSync(path, after);
}

/** Proves one task folder in the embedded sandbox. */
export async function check(dir: string, times = 1): Promise<CheckResult> {
  const provider = embeddedProvider();
  const traces = mkdtempSync(join(tmpdir(), 'proctor-check-test-'));
  const task = loadTask(dir, 'copy');
  try {
    const [checked] = await checkTasks(
      [{ task, environment: environmentOf(task) }],
      checkParts(traces, provider, times),
    );
    if (!checked) throw new Error('nothing was checked');
    return checked;
  } finally {
    await provider.close();
    rmSync(traces, { recursive: true, force: true });
  }
}

/** What is to be fixed, by the proof that failed. */
export function problems(checked: CheckResult): Partial<Record<ProofName, string>> {
  const failed = checked.proofs.filter(({ status }) => status === 'failed');
  return Object.fromEntries(failed.map(({ name, problems }) => [name, problems.join('\n')]));
}

export function checkParts(dir: string, provider: SandboxProvider, times: number): CheckParts {
  return {
    dir,
    run: 'check-test',
    provider,
    concurrency: 4,
    times,
    openRecordedTrial: repeatableTrial,
    signal: new AbortController().signal,
    watch: () => ({ stop: () => {} }),
  };
}
