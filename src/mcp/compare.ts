import { z } from 'zod';
import { createComparer } from '../viewer/comparison.ts';
import type { Record } from './record.ts';
import { paged, pageOf, recordTool } from './tool.ts';

const pair = z.strictObject({
  verdict: z.string().describe('better, worse, equivalent, unclear or descriptive: of the second set'),
  sentence: z.string(),
  heldOut: z
    .string()
    .optional()
    .describe('What became of published tasks and of held-out instances of them, where both were tried.'),
  flips: z.array(z.strictObject({ task: z.string(), kind: z.string() })),
  total: paged.total,
});

export const compare = ({ library }: Record) => {
  const comparer = createComparer(library);
  return recordTool({
    name: 'compare',
    title: 'Compare sets of trials',
    description:
      'Which of two or more sets is better, whether that can be believed, and which tasks went the other way. A set is `last`, a run, `run:agent`, or several joined by +.',
    input: { sets: z.array(z.string()).min(2).max(6) },
    output: { names: z.array(z.string()), pairs: z.array(pair) },
    async answer({ sets }) {
      const { sets: named, pairs } = comparer.compare(sets);
      const compared = pairs.map(({ verdict, heldOut, flips }) => {
        const { page, counts } = pageOf(flips, { limit: 100, offset: 0 });
        return {
          verdict: verdict.kind,
          sentence: verdict.sentence,
          ...(heldOut && { heldOut: heldOut.sentence }),
          flips: page.map(({ task, kind }) => ({ task, kind })),
          total: counts.total,
        };
      });
      return {
        data: { names: named.map(({ name }) => name), pairs: compared },
        text: compared.flatMap(({ sentence, heldOut = [] }) => [sentence, heldOut].flat()).join('\n'),
      };
    },
  });
};
