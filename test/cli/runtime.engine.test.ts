import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTrace } from '../../src/trace/find-trace.ts';
import { engine, engineNote } from '../engine.ts';
import { temporaryFolder } from '../folder.ts';
import { proctor } from './proctor.ts';

const played = ['run', 'quickstart/log-triage', '--agent', 'nop'];

describe.runIf(engine)(`a runtime of the engine${engineNote}`, { timeout: 180_000 }, () => {
  it('that is there runs the containers, and the record says so', async () => {
    const out = temporaryFolder();
    const { code, stdout } = await proctor([...played, '--runtime', 'io.containerd.runc.v2', '--out', out]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('runtime io.containerd.runc.v2'),
    });
    const events = readFileSync(join(findTrace('last', out).dir, 'trace.jsonl'), 'utf8');
    expect(events).toMatch(/"type":"sandbox\.opened"[^\n]*io\.containerd\.runc\.v2/);
  });

  it('that is not there is refused in one line with those that are', async () => {
    for (const given of [
      { flags: ['--runtime', 'runsc'] },
      { flags: [], env: { PROCTOR_RUNTIME: 'runsc' } },
    ]) {
      const { flags, ...options } = given;
      const refused = await proctor([...played, ...flags, '--out', temporaryFolder()], options);
      expect(refused).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /^proctor: runtime runsc: this engine does not have it; installed: .*runc[^\n]*\n$/,
        ),
      });
    }
  });
});
