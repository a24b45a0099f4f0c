import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reportOf, requireReadable } from '../../src/cli/result.ts';
import { markdownReport } from '../../src/report/markdown.ts';
import { renderRun } from '../../src/report/render-run.ts';
import { runDocument } from '../../src/report/run-document.ts';
import { plain } from '../../src/report/style.ts';
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
