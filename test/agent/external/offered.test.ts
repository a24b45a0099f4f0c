import { expect, it } from 'vitest';
import { openOffer } from '../../../src/agent/external/offered.ts';

const handed = ['look', 'submit'].map((name) => ({ name, description: '', inputSchema: {} }));
const missing = (...tools: object[]) => {
  const offer = openOffer();
  for (const one of tools) offer.heard({ tools: [one] } as never);
  return offer.missing(handed);
};

it('knows what a model is offered in each API, over several requests', () => {
  expect(missing({ type: 'function', function: { name: 'look' } }, { name: 'submit' })).toEqual([]);
  expect(
    missing({ type: 'namespace', name: 'mcp__room', tools: [{ type: 'function', name: 'look' }] }),
  ).toEqual(['submit']);
  expect(missing({ type: 'web_search' })).toEqual(['look', 'submit']);
});

it('misses nothing where nothing is offered in this way', () => {
  expect(openOffer().missing(handed)).toEqual([]);
  const prose = openOffer();
  prose.heard({ tools: 'look, submit' });
  expect(prose.missing(handed)).toEqual([]);
});
