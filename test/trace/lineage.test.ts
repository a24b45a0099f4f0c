import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { childrenIn } from '../../src/trace/lineage.ts';
import { beginTrial } from '../viewer/made-run.ts';
import { temporaryFolder } from './sample.ts';

it('finds the forks of a trial beside a trace that cannot be read, and names that one', () => {
  const traces = temporaryFolder();
  const parent = { trace: 'made/one', step: 2 };
  beginTrial(join(traces, 'forks'), 'two', { run: 'forks', agent: 'other', parent }).end();
  beginTrial(join(traces, 'broken'), 'three', { run: 'broken', parent }).end();
  const log = join(traces, 'broken', 'three', 'trace.jsonl');
  writeFileSync(log, '{"type":"trial.started","version":99}\n{"type":"trial.ended"}\n');
  const told: string[] = [];
  const children = childrenIn(traces, ({ message }) => told.push(message));
  expect(children.get('made/one')).toEqual([{ run: 'forks', trial: 'two', agent: 'other', step: 2 }]);
  expect(told).toEqual([`${log}:1: trace version 99 is newer than 2, the newest known here`]);
});
