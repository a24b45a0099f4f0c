import type { Feature } from '../feature.ts';

export const outputCut: Feature = {
  id: 'output-cut',
  what: 'was shown less than all that a call gave',
  calls: 'some',
  tell: ({ trial: { calls } }) =>
    calls.some(({ call: { returned } }) => returned?.truncated || returned?.captureCut),
};
