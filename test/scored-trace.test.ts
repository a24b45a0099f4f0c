import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readStep, scoreTrace } from '../src/scored-trace.ts';
import { temporaryFolder } from './folder.ts';

it('names the log that a full disk left empty', () => {
  const dir = `${temporaryFolder()}/t1`;
  mkdirSync(dir);
  writeFileSync(`${dir}/trace.jsonl`, '');
  const why = `${dir}/trace.jsonl: expected trial.started as the first event of a trace`;
  expect(() => scoreTrace(dir)).toThrow(why);
  expect(() => readStep(dir, 0)).toThrow(why);
});
