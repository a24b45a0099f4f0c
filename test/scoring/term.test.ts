import { describe, expect, it } from 'vitest';
import { partsOf } from '../../src/scoring/trial/term.ts';
import { type MadeCall, madeScore } from './trace-builder.ts';

const termsOf = (...calls: MadeCall[]) =>
  madeScore({ steps: calls.map((call) => ({ calls: [call] })), undeclared: ['browser', 'shell'] }).behaviour
    .terms;
const sh = (command: string) => termsOf({ tool: 'bash', args: { command } })[0];

describe('the term of a call', () => {
  it.each([
    ['ls -la', 'bash ls'],
    ['cd /app && find . -name "*.tmp" | xargs rm', 'bash find + rm'],
    ['sudo rm -rf x', 'bash sudo + rm'],
    ['timeout 5 python3.11 -m pytest -q | tail -3', 'bash pytest + tail'],
    ['python3 - <<EOF\nprint(1)\nEOF', 'bash python'],
    ['git -C x commit -m "y" && git push', 'bash git commit + git push'],
    ['npx vitest run', 'bash vitest'],
    ['bash -c "cat a; cat b"', 'bash cat'],
    ['for f in *; do sort "$f" > "o/$f"; done', 'bash sort'],
    ['echo hi', 'bash echo'],
    ['echo hi > f; ls', 'bash echo + ls'],
    ['> f', 'bash :'],
    ['if', 'bash ?'],
  ])('of %j is %j', (command, term) => {
    expect(sh(command)).toBe(term);
  });

  it('is the name of the tool, with its command where it is a file tool and its action in a browser', () => {
    expect(
      termsOf(
        { tool: 'look', args: { action: 'two words' } },
        { tool: 'str_replace_based_edit_tool', args: { command: 'view', path: '/a' } },
        { tool: 'browser', args: { action: 'click' } },
        { tool: 'shell', args: { command: 'ls' } },
      ),
    ).toEqual(['look', 'str_replace_based_edit_tool view', 'browser click', 'shell ls']);
  });

  it('is there for calls that were denied, too, so that they stand in the order of the steps', () => {
    expect(termsOf({ tool: 'mail', fate: 'denied' }, { tool: 'look', fate: 'skipped' })).toEqual([
      'mail',
      'look',
    ]);
  });

  it('comes apart into its programs', () => {
    expect(partsOf('bash find + rm')).toEqual(['bash find', 'bash rm']);
    expect(partsOf('read_file')).toEqual(['read_file']);
  });

  it('is kept of 2,000 calls, and the score says how many more there were', () => {
    const { behaviour } = madeScore({ steps: [{ calls: Array<MadeCall>(2003).fill({ tool: 'look' }) }] });
    expect([behaviour.terms.length, behaviour.leftOut]).toEqual([2000, 3]);
  });
});
