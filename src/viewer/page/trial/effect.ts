import type { StepRow } from '../../api.ts';
import { several } from '../figure.ts';

/** Something that came of a step, as one line under its calls. */
export interface Effect {
  sign: string;
  look: string;
  text: string;
}

const signs = { created: '+', changed: '~', deleted: '−' } as const;

/** What a step changed in the world, and the milestones it reached or lost. */
export function effectsOf(row: StepRow): Effect[] {
  const { changed, changes, reached, lost } = row;
  return [
    ...changes.map(({ op, path }) => ({ sign: signs[op], look: '', text: `${op} ${path}` })),
    ...(changed > changes.length ? [{ sign: '~', look: '', text: others(row) }] : []),
    ...reached.map((name) => ({ sign: '◆', look: 'good', text: `reached ${name}` })),
    ...lost.map((name) => ({ sign: '◇', look: 'bad', text: `lost ${name}` })),
  ];
}

function others({ changed, changes }: StepRow): string {
  return changes.length === 0 ? several(changed, 'change') : `${changed - changes.length} more`;
}
