import { expect, it } from 'vitest';
import { markdownReport } from '../../src/report/markdown.ts';
import { renderRun } from '../../src/report/render-run.ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { plain } from '../../src/report/style.ts';
import { careful, careless, madeReport } from './made-report.ts';

const made = madeReport(
  ['suite/a', 'suite/b', 'suite/c'].flatMap((task) => [
    { ...careful, task, attempt: 1 },
    { ...careful, task, attempt: 2 },
    { ...careless, agent: 'scripted:careful', task, attempt: 3 },
  ]),
);
const report: RunReport = {
  ...made,
  trials: made.trials.map((trial) => ({
    ...trial,
    tags: ['all', ...(trial.task === 'suite/a' ? [] : ['refund'])],
  })),
};

it('a whole report shows groups of tasks and every number of attempts, a run that has just ended does not', () => {
  const text = renderRun(report, plain, { groups: true });
  expect(text).toMatch(/tag refund +scripted:careful +2 +6 of 6 +0\.67/);
  expect(text).toMatch(/scripted:careful +2 +1\.00 +0\.33 +0\.33/);
  expect(text).not.toContain('tag all');
  expect(renderRun(report, plain)).not.toContain('tag refund');
});

it('a Markdown report folds them up', () => {
  expect(markdownReport(report)).toMatch(
    /<details>[\s\S]*\| `scripted:careful` \| 3 \| 1\.00 \| 0\.00[\s\S]*\| tag refund \| `scripted:careful` \| 2 \|[\s\S]*<\/details>/,
  );
  expect(markdownReport(madeReport([careful]))).not.toContain('<details>');
});
