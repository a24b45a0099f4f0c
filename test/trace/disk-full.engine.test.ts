import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/trace/chain.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { openWriter, temporaryFolder } from './sample.ts';
import { trialStarted } from './sample-events.ts';

const child = new URL('./writing-child.ts', import.meta.url).pathname;
const code = (value: string) => expect.objectContaining({ code: value });

/** A file system of one megabyte, or why there is none here. */
function smallDisk(): { dir: string; missing?: string } {
  const dir = join(temporaryFolder(), 'disk');
  mkdirSync(dir);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    return { dir, missing: ' (skipped: mounting a small tmpfs needs root)' };
  }
  afterAll(() => execFileSync('umount', [dir]));
  return { dir };
}

describe('a trace on a full disk', () => {
  it('is whole up to the last event, and the error names the file', async () => {
    const run = temporaryFolder();
    const command = 'ulimit -f 200; exec "$@"';
    const node = [process.execPath, '--import', 'jiti/register', child, run, 'limited'];
    const { stdout } = await promisify(execFile)('bash', ['-c', command, 'bash', ...node]);
    const said = stdout.trimEnd().split('\n');
    expect(said.at(-1)).toBe(`disk-full ${run}/limited/trace.jsonl: no space left for the trace (EFBIG)`);
    const trace = openTrace(join(run, 'limited'));
    expect(trace.torn).toBe(false);
    expect([...trace.events]).toHaveLength(Number(said.at(-2)) + 1);
    expect(verifyChain(trace.dir).events).toBe(Number(said.at(-2)) + 1);
  });

  const { dir, missing } = smallDisk();

  it.skipIf(missing)(
    `refuses a body, leaves nothing of it, and goes on with what fits${missing ?? ''}`,
    () => {
      const writer = openWriter(dir, 'small');
      writer.append(trialStarted(writer, 'small'));
      expect(() => writer.bodies.text('b'.repeat(2_000_000))).toThrow(code('disk-full'));
      expect(readdirSync(join(dir, 'bodies'))).toEqual([]);
      writer.append({ type: 'step.finished', step: 0 });
      const fill = () => writer.append({ type: 'step.finished', step: 1, notice: 'n'.repeat(50_000) });
      expect(() => {
        for (let count = 0; count < 100; count += 1) fill();
      }).toThrow(code('disk-full'));
      const { events } = writer.close();
      const trace = openTrace(writer.dir);
      expect(trace.torn).toBe(false);
      expect([...trace.events]).toHaveLength(events);
    },
  );
});
