import { describe, expect, it } from 'vitest';
import { nodeFor, nodeReleases } from '../../../src/check/mcp/node-release.ts';

const major = (own: string | undefined, others: string[] = []) => nodeFor('x', { own, others }).split('.')[0];

describe('the Node.js of a server', () => {
  it.each([
    ['nothing said', undefined, '22'],
    ['an old one', '>=14', '22'],
    ['one of several', '^20.19.0 || ^22.13.0 || >= 24.0.0', '22'],
    ['a newer one', '>=24', '24'],
    ['what is no range', 'lts/*', '22'],
  ])('is the oldest release that will do: %s', (_, own, expected) => {
    expect(major(own)).toBe(expected);
  });

  it('suits what the package depends on too, where one suits all', () => {
    expect(major('>=18', ['>=23', '*'])).toBe('24');
    expect(major('>=18', ['^12 || ^14'])).toBe('22');
  });

  it('is refused by name where no image can have it', () => {
    expect(() => nodeFor('old', { own: '^16', others: [] })).toThrow(
      `--mcp: old needs Node.js ^16; expected one that ${nodeReleases.join(', ')}`,
    );
  });
});
