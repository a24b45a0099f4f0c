import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTrace } from '../../src/trace/trace-file.ts';
import { searchTrace } from '../../src/viewer/search.ts';
import { temporaryFolder } from '../folder.ts';
import { beginTrial } from './made-run.ts';

it('finds a text in steps first, and no more outside of them than it can give', async () => {
  const dir = temporaryFolder();
  const trial = beginTrial(dir, 'one');
  for (let i = 0; i < 400; i++)
    trial.writer.append({ type: 'server.notified', server: 'needle', method: 'note', params: '{}' });
  trial.step({ say: 'the needle', calls: [] });
  trial.end();
  const file = openTrace(join(dir, 'one'));
  const { hits, cut } = await searchTrace(file, 'needle', new AbortController().signal);
  expect(hits[0]).toMatchObject({ step: 0, type: 'agent.decided' });
  expect([hits.length, cut]).toEqual([300, true]);
});
