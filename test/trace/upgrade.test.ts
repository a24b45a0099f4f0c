import { describe, expect, it } from 'vitest';
import { upgradeFrom } from '../../src/trace/upgrade.ts';

const table = {
  0: ({ kind, ...rest }: { [key: string]: unknown }) => ({ ...rest, type: String(kind) }),
  1: (event: { [key: string]: unknown }) => ({ ...event, added: true }),
} as Parameters<typeof upgradeFrom>[1];

describe('upgrading events', () => {
  it('goes through every version in between and sets the version', () => {
    const upgrade = upgradeFrom(0, table, 2);
    expect(upgrade({ kind: 'trial.started', version: 0 })).toEqual({
      type: 'trial.started',
      version: 2,
      added: true,
    });
    expect(upgrade({ kind: 'step.finished' })).toEqual({ type: 'step.finished', added: true });
  });

  it('leaves the newest version as it is', () => {
    const event = { type: 'step.finished', step: 1 };
    expect(upgradeFrom(2, table, 2)(event)).toBe(event);
  });

  it('refuses versions it has no way from', () => {
    expect(() => upgradeFrom(-1, table, 2)).toThrow(/version -1 is too old/);
    expect(() => upgradeFrom(3, table, 2)).toThrow(/version 3 is newer than 2/);
    expect(() => upgradeFrom('1', table, 2)).toThrow(/trial\.started with a version/);
  });
});
