import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readQueries } from '../../src/trace/query-ledger.ts';
import { temporaryFolder } from '../folder.ts';
import { postgres, postgresNote, startPostgres } from '../queue/postgres.ts';
import { proctor } from './proctor.ts';

const secret = 'nobody-has-read-this-2718';

/** The text of every file below a folder. */
const textsIn = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');

/** A suite of one task with a private split. */
function privateSuite() {
  const root = temporaryFolder();
  const [suite, out, file] = [join(root, 'tasks/desk'), join(root, 'out'), join(root, 'seed')];
  for (const part of ['double-charge', '_generate', 'suite.toml'])
    cpSync(join('tasks/support-desk', part), join(suite, part), { recursive: true });
  const declared = readFileSync(join(suite, 'suite.toml'), 'utf8');
  writeFileSync(join(suite, 'suite.toml'), `${declared}\n[private]\nseed_file = "../../seed"\n`);
  writeFileSync(file, secret);
  const run = ['run', suite, '--private', '--agent', 'oracle', '--sandbox', 'embedded', '--out', out];
  return { root, suite, out, file, run };
}

test('a private instance is run by a seed that nothing tells, and every trial of it is counted and shown', async () => {
  const { root, suite, out, file, run } = privateSuite();
  const first = await proctor(run);
  expect(first.stderr).toContain('Private split of desk: never asked');
  expect(first.stdout).toMatch(/^desk\/double-charge@private-1 +oracle +submitted +1\.00/m);
  const texts = textsIn(out);
  expect(texts).not.toContain(secret);
  expect(texts).toContain('"kind":"private"');

  const ledger = `${file}.ledger.jsonl`;
  expect(readQueries(ledger)).toMatchObject([
    { suite: 'desk', task: 'desk/double-charge@private-1', agent: 'oracle' },
  ]);
  const forked = await proctor(['fork', 'last', '--at', '0', '--agent', 'oracle', '--out', out]);
  expect(forked.code).toBe(0);
  await proctor(['replay', 'last', '--out', out]);
  expect(readQueries(ledger)).toHaveLength(2);
  const again = await proctor([...run, '--dry-run']);
  expect(again.stderr).toContain('asked by 2 trials of 1 agent in 2 runs');
  expect(readQueries(ledger)).toHaveLength(2);

  const health = await proctor(['suite', 'health', out]);
  expect(health.stdout).toContain('Private split of desk: asked by 2 trials of 1 agent in 2 runs');
  const card = join(root, 'card.md');
  await proctor(['suite', 'card', suite, '--sandbox', 'embedded', '--output', card]);
  expect(readFileSync(card, 'utf8')).toContain('Private split of desk: asked by 2 trials');
});

test.skipIf(!postgres)(
  `a private instance is not left to workers, where nobody counts it${postgresNote}`,
  async () => {
    const { root, file, run } = privateSuite();
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const queue = ['--queue', await server.database(), '--store', join(root, 'store')];
    const { code, stderr } = await proctor([...run, ...queue]);
    expect(code).toBe(2);
    expect(stderr).toContain('--private: trials are counted beside the seed');
    expect(readQueries(`${file}.ledger.jsonl`)).toEqual([]);
  },
  60_000,
);
