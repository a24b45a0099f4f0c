import { ProctorError } from '../errors.ts';

export interface QueueFlags {
  queue?: string;
  store?: string;
  labels?: string;
  detach?: boolean;
  maxTries?: number;
}

/** Throws `bad-flag` where flags that go with `--queue` stand alone, or lack what they need. */
export function requireQueueFlags({ queue, store, ...more }: QueueFlags): void {
  if (queue === undefined) {
    const given = { store, labels: more.labels, detach: more.detach, 'max-tries': more.maxTries };
    const [alone] = Object.entries(given).flatMap(([flag, value]) =>
      value === undefined ? [] : [`--${flag}`],
    );
    if (alone)
      throw new ProctorError('bad-flag', `${alone} goes with --queue; expected --queue postgres://…`);
  } else if (store === undefined)
    throw new ProctorError(
      'bad-flag',
      '--queue needs a place that the machines share; expected --store DIR or --store s3://bucket/prefix',
    );
}

/** Labels as a command line lists them. */
export const labelsIn = (list = ''): string[] =>
  list
    .split(',')
    .map((label) => label.trim())
    .filter((label) => label !== '');
