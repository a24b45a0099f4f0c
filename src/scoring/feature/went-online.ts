import type { Feature } from '../feature.ts';

export const wentOnline: Feature = {
  id: 'went-online',
  what: 'named a host to contact',
  calls: 'some',
  tell: ({ trial: { calls } }) => calls.some(({ made, facts }) => made && facts.hosts.length > 0),
};
