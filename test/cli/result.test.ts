import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireEnd, requireReadable, requireScored } from '../../src/cli/result.ts';
import { reportOf } from '../../src/library/run-report.ts';
import { markdownReport } from '../../src/report/markdown.ts';
import { renderRun } from '../../src/report/render-run.ts';
import { runDocument } from '../../src/report/run-document.ts';
import { plain } from '../../src/report/style.ts';
import { writeRun } from '../../src/trace/run-file.ts';
import { temporaryFolder } from '../folder.ts';
import { beginTrial, writeMadeRun } from '../viewer/made-run.ts';

it('reports the trials of a run that can be read, lists the one that cannot, and then fails with what is wrong', () => {
  const dir = join(temporaryFolder(), 'made');
  const good = beginTrial(dir, 'good').end({ reward: 1 });
  const cut = beginTrial(dir, 'cut').end({ reward: 1 });
  const run = writeMadeRun(dir, { good, cut });
  writeFileSync(join(dir, 'cut', 'trace.jsonl'), '{"type":"trial.started","version":99}\n');
  const report = reportOf(run, dir);
  const reason = /trace version 99 is newer/;
  expect(renderRun(report, plain)).toMatch(
    /1 trial with no readable trace, in no figure above\n.*\(cut\): bad-trace/,
  );
  expect(markdownReport(report)).toMatch(/Not readable, in no figure above: `cut`/);
  expect(runDocument(report)).toMatchObject({
    trials: [{ trial: 'good' }],
    unreadable: [{ trial: 'cut', code: 'bad-trace', message: expect.stringMatching(reason) }],
  });
  expect(() => requireReadable(report)).toThrow(reason);
});

it('says wherever a run is summed up what was planned and not run, and why', () => {
  const dir = join(temporaryFolder(), 'made');
  const run = writeMadeRun(dir, { a: beginTrial(dir, 'a').end({ reward: 1 }) });
  const [ended] = run.trials;
  const waiting = [2, 3, 4].map((attempt) => ({
    ...{ trial: `t${attempt}`, task: 'made/task', agent: 'made', attempt, dir: `t${attempt}` },
    status: 'waiting' as const,
  }));
  const stopped = { code: 'budget-spent', message: 'the budget is spent' };
  const cut = { ...run, stopped, trials: ended ? [ended, ...waiting] : [] };
  writeRun(dir, cut);
  const report = reportOf(cut, dir);
  const line = '3 of 4 planned trials not run: the budget is spent';
  expect(renderRun(report, plain)).toContain(line);
  expect(markdownReport(report)).toContain(line);
  expect(runDocument(report)).toMatchObject({
    plan: { planned: 4, notRun: [{ attempt: 2 }, { attempt: 3 }, { attempt: 4 }], reason: stopped.message },
  });
  expect(() => requireScored(report)).not.toThrow();
  expect(() => requireScored({ ...report, trials: [] })).toThrow(`no trial was scored: ${line}`);
  expect(() => requireEnd(cut, dir)).not.toThrow();
  expect(() => requireEnd({ ...cut, stopped: { code: 'limit-unkept', message: 'no usage' } }, dir)).toThrow(
    'no usage',
  );
});

it.each([
  [
    'failed',
    { outcome: 'infrastructure-error', error: { code: 'model-unavailable', message: 'no answer' } },
    'no answer',
  ],
  ['was stopped', { outcome: 'aborted' }, 'aborted'],
] as const)('has nothing to show for a run whose only trial %s', (_, end, reason) => {
  const dir = join(temporaryFolder(), 'made');
  const report = reportOf(writeMadeRun(dir, { a: beginTrial(dir, 'a').end(end) }), dir);
  expect(() => requireScored(report)).toThrow(`no trial was scored: ${reason}`);
  const skipped = [{ task: 't', reason: 'needs kernel' }];
  expect(() => requireScored({ ...report, trials: [], plan: { planned: 0, notRun: [] }, skipped })).toThrow(
    'needs kernel',
  );
});
