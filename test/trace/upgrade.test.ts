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

describe('upgrading an event of version 1', () => {
  const upgrade = upgradeFrom(1);
  const asked = { type: 'probe.answered', seq: 4, durationMs: 1 };

  it.each([
    [
      'a state',
      { ...asked, probe: 'state', digest: 'd', value: '{}' },
      { type: 'state.observed', digest: 'd', value: '{}', changed: 0 },
    ],
    [
      'a state that could not be read',
      { ...asked, probe: 'state', step: 2, error: 'gone' },
      { type: 'state.observed', step: 2, error: 'gone', changed: 0 },
    ],
    [
      'a milestone',
      { ...asked, probe: 'milestone', step: 0, name: 'm', held: false },
      { type: 'milestone.checked', step: 0, name: 'm', held: false },
    ],
    [
      'planted values',
      { ...asked, probe: 'canaries', spread: [{ name: 'k', path: '/f', how: 'plain' }] },
      { type: 'canaries.scanned', found: [{ name: 'k', path: '/f', how: 'plain' }] },
    ],
    [
      'texts',
      { ...asked, probe: 'texts', contents: { a: 'b' } },
      { type: 'texts.kept', contents: { a: 'b' } },
    ],
  ])('gives %s the event of its own', (_, old, now) => {
    expect(upgrade(old as never)).toEqual({ seq: 4, durationMs: 1, ...now });
  });

  it('says harness for house', () => {
    expect(upgrade({ type: 'tool.returned', source: 'house' })).toMatchObject({ source: 'harness' });
    expect(upgrade({ type: 'tool.returned', source: 'policy' })).toMatchObject({ source: 'policy' });
    const error = { code: 'c', message: 'm', fault: 'house' };
    const verified = upgrade({ type: 'verifier.returned', error });
    expect(verified).toMatchObject({ error: { ...error, fault: 'harness' } });
  });

  it.each([
    ['docker', 'hardened', undefined, 'none'],
    ['embedded', 'compatible', undefined, 'none'],
    ['docker', 'compatible', undefined, 'public'],
    ['docker', 'hardened', 'sink', 'sink'],
  ])('tells what a sandbox of %s, %s and network %s may reach', (provider, profile, network, reach) => {
    const old = { type: 'sandbox.opened', provider, profile, ...(network && { network }) };
    expect(upgrade(old)).toMatchObject({ network: reach });
  });
});
