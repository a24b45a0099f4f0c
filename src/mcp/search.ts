import { z } from 'zod';
import { several } from '../format.ts';
import { holdsTrace } from '../trace/location.ts';
import { openTrace } from '../trace/trace-file.ts';
import { searchTrace } from '../viewer/search.ts';
import { createFence, recordedText, textsShown } from './fence.ts';
import type { Record } from './record.ts';
import { recordTool } from './tool.ts';

const hit = z.strictObject({
  run: z.string(),
  trial: z.string(),
  step: z.int().nullable().describe('null where it belongs to no step'),
  event: z.string(),
  excerpt: recordedText,
});

export const search = (record: Record) =>
  recordTool({
    name: 'search',
    title: 'Search recorded texts',
    description:
      'Finds a text, whatever its case, in what agents said, called and were shown, with the steps it stands in.',
    input: {
      query: z.string().min(2).max(200),
      run: z.string().optional().describe('only in this run'),
      trial: z.string().optional().describe('only in this trial'),
      texts: textsShown.default('fenced'),
      limit: z.int().min(1).max(100).default(30),
    },
    output: { hits: z.array(hit), more: z.boolean().describe('there may be more') },
    async answer({ query, run, trial, texts, limit }, signal) {
      const places = trial === undefined ? record.trials(run) : [record.trial(trial)];
      const fence = createFence(texts, 400);
      const hits: z.infer<typeof hit>[] = [];
      let more = false;
      for (const place of places.filter(({ dir }) => holdsTrace(dir))) {
        const found = await searchTrace(openTrace(place.dir), query, signal);
        signal.throwIfAborted();
        for (const { step, type, excerpt } of found.hits)
          hits.push({ run: place.run, trial: place.trial, step, event: type, excerpt: fence(excerpt) });
        more ||= found.cut;
        if (hits.length > limit) break;
      }
      const given = hits.slice(0, limit);
      return {
        data: { hits: given, more: more || hits.length > limit },
        text: `${several(given.length, 'place')} found`,
      };
    },
  });
