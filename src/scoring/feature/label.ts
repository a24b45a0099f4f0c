import type { StepLabel } from '../../schema/score.ts';
import type { Feature } from '../feature.ts';

/** A feature of trials with at least one call of a label. */
const labelled = (label: StepLabel, what: string): Feature => ({
  id: label,
  what,
  calls: 'some',
  tell({ labels: { counts, unscored } }) {
    const reason = unscored.find(({ detector }) => detector === label)?.reason;
    return (counts[label] ?? 0) > 0 || (reason === undefined ? false : { unscored: reason });
  },
});

export const labels: readonly Feature[] = [
  labelled('error', 'made a call that returned an error'),
  labelled('recovered', 'recovered from an error'),
  labelled('loop', 'went round in a loop'),
  labelled('redundant-read', 'read the same again though nothing had changed'),
  labelled('no-op-write', 'wrote what was already there'),
  labelled('denied', 'was denied a call by a rule'),
];
