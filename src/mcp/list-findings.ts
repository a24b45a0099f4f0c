import { z } from 'zod';
import { several } from '../format.ts';
import { category } from '../schema/finding.ts';
import { createFence, textsShown } from './fence.ts';
import { servedFinding, serveFinding } from './finding.ts';
import type { Record } from './record.ts';
import { paged, pageOf, paging, recordTool } from './tool.ts';

const found = servedFinding.extend({
  run: z.string(),
  trial: z.string(),
  task: z.string(),
  agent: z.string(),
});

export const listFindings = (record: Record) =>
  recordTool({
    name: 'findings',
    title: 'List findings',
    description: 'Unsafe or undesired actions, each pinned to a step and a call, the most severe first.',
    input: {
      run: z.string().optional().describe('only of this run'),
      trial: z.string().optional().describe('only of this trial'),
      category: category.optional(),
      min_severity: z.int().min(0).max(6).default(1),
      texts: textsShown.default('fenced'),
      ...paging(50),
    },
    output: { findings: z.array(found), ...paged },
    async answer({ run, trial, category: kind, min_severity, texts, ...part }) {
      const places = trial === undefined ? record.trials(run) : [record.trial(trial)];
      const all = places.flatMap(({ dir: _, status: __, attempt: ___, ...place }, index) =>
        (record.score(places[index] as (typeof places)[number])?.safety.findings ?? [])
          .filter((one) => one.severity >= min_severity && (kind === undefined || one.category === kind))
          .map((finding) => ({ place, finding })),
      );
      all.sort((a, b) => b.finding.severity - a.finding.severity);
      const { page, counts } = pageOf(all, part);
      const fence = createFence(texts, 600);
      const findings = page.map(({ place, finding }) => ({ ...place, ...serveFinding(finding, fence) }));
      return {
        data: { findings, ...counts },
        text: `${several(counts.total, 'finding')}, ${findings.length} given`,
      };
    },
  });
