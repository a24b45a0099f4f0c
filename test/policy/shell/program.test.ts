import { describe, expect, it } from 'vitest';
import { programs } from '../../../src/policy/shell/program.ts';

describe('the table of programs', () => {
  it('names flags as they are typed', () => {
    for (const [name, { values, unskip, readFlags, writeFlags }] of Object.entries(programs))
      for (const flag of [values, unskip, readFlags, writeFlags].flatMap((flags) => flags ?? []))
        expect(flag, name).toMatch(/^--?[A-Za-z]/);
  });

  it('says of every program that removes what it removes, and that it does not read it', () => {
    const removing = Object.entries(programs).filter(([, { deletes }]) => deletes === 'all');
    expect(removing.map(([name]) => name)).toEqual(['rm', 'unlink', 'rmdir', 'srm', 'shred']);
    for (const [, { reads }] of removing) expect(reads).toBe('none');
  });

  it('skips operands only where something may stand for them', () => {
    for (const [name, { skip, reads }] of Object.entries(programs))
      if (skip !== undefined) expect([name, reads]).toEqual([name, 'all']);
  });
});
