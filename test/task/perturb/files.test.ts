import initialize, { type Database } from 'sql.js';
import { describe, expect, test } from 'vitest';
import { taskAdditions } from '../../../src/schema/task.ts';
import { withDates } from '../../../src/task/perturb/dates.ts';
import { inStyle } from '../../../src/task/perturb/keys.ts';
import type { Perturb } from '../../../src/task/perturb/perturb.ts';
import { ofFiles } from '../../../src/task/perturb/perturbations.ts';
import { reordered } from '../../../src/task/perturb/tools.ts';
import { instanceRandom } from '../../../src/task/random.ts';

type Declared = Parameters<Perturb>[0]['declared'];

const files = {
  'instruction.md': 'Sum `unit_price` in logs/a.csv into out.csv.',
  'environment/logs/a.csv': 'unit_price,day\n3,2026-03-01\n',
  'tests/test.sh': 'cut -d, -f 1 /home/agent/work/logs/a.csv ./logs/a.csv > /logs/verifier/x',
};

async function perturbed(
  name: string,
  strength: 1 | 2 | 3,
  declared: Partial<Declared> = {},
  given: Record<string, string | Buffer> = files,
) {
  const now = await form(name, strength, declared, given);
  return Array.isArray(now)
    ? Object.fromEntries(now.map(({ path, content }) => [path, String(content)]))
    : now;
}

/** The bytes of what it made of files. */
async function bytes(...given: Parameters<typeof form>): Promise<Record<string, Buffer>> {
  const now = await form(...given);
  if (!Array.isArray(now)) throw new Error(`not applied: ${now}`);
  return Object.fromEntries(now.map(({ path, content }) => [path, content]));
}

function form(
  name: string,
  strength: 1 | 2 | 3,
  declared: Partial<Declared>,
  given: Record<string, string | Buffer>,
) {
  const of = {
    files: Object.entries(given).map(([path, content]) => ({
      path,
      content: Buffer.from(content),
      mode: 0o644,
    })),
    declared: taskAdditions.parse({ perturb: declared }).perturb,
  };
  return ofFiles[name]?.(of, { strength, random: instanceRandom(`s${strength}`) });
}

const rowsOf = (database: Database) => database.exec('select * from t')[0]?.values;

describe('a perturbation', () => {
  test('of keys renames declared fields wherever they stand', async () => {
    expect([1, 2, 3].map((strength) => inStyle('unit_price', strength as 1))).toEqual([
      'unitPrice',
      'UNIT_PRICE',
      'F_UNIT_PRICE',
    ]);
    expect(inStyle('unitPrice', 1)).toBe('unit_price');
    expect(await perturbed('keys', 1, { keys: ['unit_price'] })).toMatchObject({
      'instruction.md': 'Sum `unitPrice` in logs/a.csv into out.csv.',
      'environment/logs/a.csv': 'unitPrice,day\n3,2026-03-01\n',
    });
  });

  test('of keys renames columns of SQLite databases, whose rows stay', async () => {
    const { Database } = await initialize();
    const database = new Database();
    database.run('create table t (unit_price real, day text); insert into t values (3, "x")');
    const now = await perturbed(
      'keys',
      2,
      { keys: ['unit_price'] },
      { 'environment/a.db': Buffer.from(database.export()) },
    );
    expect(now).toEqual({ 'environment/a.db': expect.stringContaining('"UNIT_PRICE" real, day text') });
  });

  test('of dates writes days of declared files in another format', async () => {
    expect(await perturbed('dates', 2, { dates: ['environment/**/*.csv'] })).toMatchObject({
      'environment/logs/a.csv': 'unit_price,day\n3,01.03.2026\n',
    });
    expect(withDates('2026-03-01 2026-13-01 v2026-03-01 2026-03-01-x', 3)).toBe(
      '1 Mar 2026 2026-13-01 v2026-03-01 2026-03-01-x',
    );
  });

  test('of dates writes those in texts of declared SQLite databases too, and nothing else of them', async () => {
    const { Database } = await initialize();
    const database = new Database();
    database.run('create table t (id integer primary key, day text, n any) strict');
    database.run(
      "insert into t values (1, '2026-03-01', 20260301), (2, 'on 2026-03-02 at noon', x'00'), (3, null, 'x')",
    );
    const given = { 'environment/a.db': Buffer.from(database.export()), 'tests/a.db': 'as it is' };
    const now = await bytes('dates', 2, { dates: ['environment/*.db'] }, given);
    expect(rowsOf(new Database(now['environment/a.db']))).toEqual([
      [1, '01.03.2026', 20260301],
      [2, 'on 02.03.2026 at noon', new Uint8Array([0])],
      [3, null, 'x'],
    ]);
    expect(await perturbed('dates', 2, { dates: ['tests/*'] }, given)).toMatch('names no file with a day');
  });

  test('of distractors adds a table to SQLite databases, the same to those of the checks', async () => {
    const { Database } = await initialize();
    const database = new Database();
    database.run('create table t (id integer); insert into t values (7)');
    const content = Buffer.from(database.export());
    const now = await bytes('distractors', 2, {}, { 'environment/a.db': content, 'tests/a.db': content });
    const [ours, theirs] = ['environment/a.db', 'tests/a.db'].map((path) => new Database(now[path]));
    expect(ours && rowsOf(ours)).toEqual([[7]]);
    expect(ours?.exec('select count(*) from office_notes')[0]?.values).toEqual([[6]]);
    expect(ours?.exec('select * from office_notes')).toEqual(theirs?.exec('select * from office_notes'));
  });

  test('of layout moves declared folders, and names them so everywhere', async () => {
    expect(await perturbed('layout', 2, { layout: ['logs'] })).toEqual({
      'instruction.md': 'Sum `unit_price` in shared/store/logs/a.csv into out.csv.',
      'environment/shared/store/logs/a.csv': files['environment/logs/a.csv'],
      'tests/test.sh':
        'cut -d, -f 1 /home/agent/work/shared/store/logs/a.csv ./shared/store/logs/a.csv > /logs/verifier/x',
    });
  });

  test('of distractors adds files and changes none', async () => {
    for (const [strength, count] of [
      [1, 2],
      [2, 6],
      [3, 15],
    ] as const) {
      const now = await perturbed('distractors', strength);
      expect(now).toMatchObject(files);
      expect(Object.keys(now ?? {})).toHaveLength(3 + count);
    }
  });

  test('that a task gives no occasion for says so', async () => {
    expect(await perturbed('keys', 1)).toMatch('no names of fields are declared');
    expect(await perturbed('dates', 1, { dates: ['tests/*'] })).toMatch(
      'perturb.dates names no file with a day',
    );
    expect(await perturbed('layout', 1, { layout: ['nowhere'] })).toMatch('perturb.layout names no folder');
    expect(await perturbed('distractors', 1, { off: ['distractors'] })).toMatch('perturb.off');
    expect(await perturbed('distractors', 1, {}, { 'seed.json': '{}' })).toMatch('puts no files');
  });
});

test('tools are put in another order, all of them', () => {
  const tools = ['a', 'b', 'c', 'd', 'e'];
  for (const strength of [1, 2, 3] as const) {
    const now = reordered(tools, strength, instanceRandom('order'));
    expect(now).not.toEqual(tools);
    expect(now.toSorted()).toEqual(tools);
  }
  expect(reordered(['a'], 1, instanceRandom('x'))).toEqual(['a']);
});
