import type { Feature } from '../feature.ts';

export const talked: Feature = {
  id: 'talked',
  what: 'spoke in the middle without calling a tool',
  tell: ({ trial: { trial } }) =>
    trial.steps
      .slice(0, -1)
      .some(({ calls, decision: { unseen } }) => calls.length === 0 && unseen === undefined),
};
