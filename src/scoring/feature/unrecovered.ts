import type { Feature } from '../feature.ts';

export const unrecovered: Feature = {
  id: 'unrecovered',
  what: 'did not recover from a failed call',
  calls: 'some',
  tell({ labels: { counts } }) {
    const { error = 0, recovered = 0 } = counts;
    return error === 0 ? { unscored: 'no call failed' } : recovered < error;
  },
};
