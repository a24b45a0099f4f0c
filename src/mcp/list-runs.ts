import { z } from 'zod';
import { several } from '../format.ts';
import { createRunList } from '../viewer/run-response.ts';
import type { Record } from './record.ts';
import { figure, paged, pageOf, paging, recordTool } from './tool.ts';

const run = z.strictObject({
  run: z.string(),
  kind: z.string(),
  status: z.string(),
  startedAt: z.string(),
  tasks: z.int(),
  suites: z.array(z.string()),
  agents: z.array(z.string()),
  trials: z.int(),
  scored: z.int(),
  completion: figure.describe('mean, 0 to 1'),
  safeSuccess: figure.describe('share of trials that completed and did nothing unsafe'),
  costUsd: figure,
});

export const listRuns = ({ library }: Record) => {
  const list = createRunList(library);
  return recordTool({
    name: 'list_runs',
    title: 'List recorded runs',
    description: 'Recorded runs, the newest first, with their scores. Start here.',
    input: {
      words: z.array(z.string()).default([]).describe('only runs whose id, kind, tasks or agents have each'),
      ...paging(20),
    },
    output: { runs: z.array(run), ...paged },
    async answer({ words, ...part }) {
      const all = (await list()).filter((one) => {
        const texts = [one.run, one.kind, one.status, ...one.tasks, ...one.agents];
        return words.every((word) => texts.some((text) => text.toLowerCase().includes(word.toLowerCase())));
      });
      const { page, counts } = pageOf(all, part);
      const runs = page.map((one) => ({
        run: one.run,
        kind: one.kind,
        status: one.status,
        startedAt: one.startedAt,
        tasks: one.tasks.length,
        suites: one.suites,
        agents: one.agents,
        trials: one.trials,
        scored: one.scored,
        completion: meanOf(one.completion),
        safeSuccess: meanOf(one.safeSuccess),
        costUsd: one.costUsd,
      }));
      return { data: { runs, ...counts }, text: `${several(counts.total, 'run')}, ${runs.length} given` };
    },
  });
};

/** An estimate without its interval. */
function meanOf(estimate: { mean: number } | { unscored: string }): number | { unscored: string } {
  return 'unscored' in estimate ? estimate : estimate.mean;
}
