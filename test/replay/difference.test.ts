import { expect, it } from 'vitest';
import { describeDifference } from '../../src/replay/difference.ts';

it('shows control characters of both sides by their code', () => {
  const difference = { step: 1, what: 'observation', recorded: 'a\x1b[2J', replayed: '\x1b]0;x\x07' };
  const text = describeDifference(difference);
  expect(text).toContain('-a\\x1b[2J');
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});
