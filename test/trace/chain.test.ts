import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/trace/chain.ts';
import { temporaryFolder, writeSample } from './sample.ts';

const run = temporaryFolder();
const { dir, bytes, head } = writeSample(run, 'whole');
const lines = bytes.toString().trimEnd().split('\n');
let copies = 0;

function traceOf(data: string | Uint8Array): string {
  copies += 1;
  const copy = join(run, `copy-${copies}`);
  mkdirSync(copy);
  writeFileSync(join(copy, 'trace.jsonl'), data);
  return copy;
}

const without = (index: number) => lines.filter((_, at) => at !== index);
const joined = (parts: string[]) => `${parts.join('\n')}\n`;
const tampered = expect.objectContaining({ code: 'tampered-trace' });

describe('the digest chain', () => {
  it('holds for a trace as it was written, and gives its head', () => {
    expect(verifyChain(dir)).toEqual(head);
    expect(verifyChain(dir, head)).toEqual(head);
  });

  it('notices one changed byte anywhere', () => {
    for (let at = 0; at < bytes.length - 1; at += 97) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => verifyChain(traceOf(changed), head)).toThrow(tampered);
    }
  });

  it('names the line after the one that was changed', () => {
    const changed = lines.map((line, index) => (index === 6 ? line.replace('deciding', 'decisive') : line));
    expect(() => verifyChain(traceOf(joined(changed)))).toThrow(/trace\.jsonl:8: line 7 was changed/);
  });

  it('notices any line that was removed', () => {
    for (const index of lines.keys()) {
      expect(() => verifyChain(traceOf(joined(without(index))), head)).toThrow(tampered);
    }
    expect(() => verifyChain(traceOf(joined(without(4))))).toThrow(/:5: expected event 4, got 5/);
  });

  it('notices lines that were swapped', () => {
    const swapped = lines.with(3, lines[4] ?? '').with(4, lines[3] ?? '');
    expect(() => verifyChain(traceOf(joined(swapped)))).toThrow(/:4: expected event 3, got 4/);
  });

  it('notices a cut, a longer and a changed tail by the sealed head only', () => {
    const cut = traceOf(joined(lines.slice(0, -2)));
    expect(verifyChain(cut)).toMatchObject({ events: lines.length - 2 });
    expect(() => verifyChain(cut, head)).toThrow(`:${lines.length - 1}: missing`);

    const torn = traceOf(bytes.subarray(0, -30));
    expect(verifyChain(torn)).toMatchObject({ events: lines.length - 1 });
    expect(() => verifyChain(torn, head)).toThrow(`:${lines.length}: this line is no whole event`);

    const longer = { sha256: head.sha256, events: head.events - 1 };
    expect(() => verifyChain(dir, longer)).toThrow(`:${lines.length}: added`);

    const changed = traceOf(joined(lines.with(-1, lines.at(-1)?.replace('timed-out', 'submitted') ?? '')));
    expect(verifyChain(changed)).toMatchObject({ events: lines.length });
    expect(() => verifyChain(changed, head)).toThrow(`:${lines.length}: this last line is not the one`);
  });

  it('refuses a broken line in the middle', () => {
    expect(() => verifyChain(traceOf(joined(lines.with(2, '{'))))).toThrow(/:3: this line is no whole event/);
  });
});
