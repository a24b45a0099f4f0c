import { expect, it } from 'vitest';
import type { Wrapping } from '../../src/schema/decision.ts';
import { wrappingText } from '../../src/schema/wrapping-text.ts';

it.each<[Wrapping, string]>([
  [{ by: 'retry', failed: ['oops', 'again'] }, 'retry: asked again after: oops; again'],
  [{ by: 'vote', of: 3, agreed: 3, others: [] }, 'vote: 3 of 3 for these calls'],
  [
    { by: 'vote', of: 3, agreed: 2, others: ['none: oops'] },
    'vote: 2 of 3 for these calls; the others: none: oops',
  ],
  [
    { by: 'escalate', agent: 'b', because: 'a gave up' },
    'escalate: decided by b, which took over: a gave up',
  ],
  [{ by: 'escalate', agent: 'b' }, 'escalate: decided by b'],
])('says what %o did', (did, text) => {
  expect(wrappingText(did)).toBe(text);
});
