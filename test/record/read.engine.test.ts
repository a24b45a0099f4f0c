import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import initSqlJs from 'sql.js';
import { describe, expect, it } from 'vitest';
import { readRecords } from '../../src/record/read.ts';

async function database(...statements: string[]): Promise<Buffer> {
  const { Database } = await initSqlJs();
  const made = new Database();
  for (const statement of statements) made.run(statement);
  const content = Buffer.from(made.export());
  made.close();
  return content;
}

describe('the records of a SQLite database', () => {
  it('are the rows of every table, in order', async () => {
    const content = await database(
      'create table orders(id integer primary key, owner text, total real)',
      "insert into orders values(1, 'ana', 2.5), (2, null, 3)",
      'create table "odd name"("a b", c blob)',
      `insert into "odd name" values('x', x'00ff')`,
    );
    expect(await readRecords('/srv/a.db', content)).toEqual({
      'odd name': [{ 'a b': 'x', c: "x'00ff'" }],
      orders: [
        { id: 1, owner: 'ana', total: 2.5 },
        { id: 2, owner: null, total: 3 },
      ],
    });
  });

  it('leave out what the database would compute, since its author may be the agent', async () => {
    const content = await database(
      'create table t(a, b text as (hex(zeroblob(400000000))))',
      'insert into t(a) values(1)',
    );
    expect(await readRecords('/srv/a.db', content)).toEqual({ t: [{ a: 1 }] });
  });

  it('are read in write-ahead mode too', async () => {
    const content = await database('create table t(a)', 'insert into t values(1)');
    content.fill(2, 18, 20);
    expect(await readRecords('/srv/a.db', content)).toEqual({ t: [{ a: 1 }] });
  });

  it('are refused where the file is broken, or has too many', async () => {
    const content = await database('create table t(a)', 'insert into t values(1)');
    await expect(readRecords('/srv/a.db', content.fill(7, 100))).rejects.toThrow(/malformed|not a database/);
    const many = await database(
      'create table t(a)',
      'with recursive n(i) as (select 1 union all select i + 1 from n where i < 1001) insert into t select i from n',
    );
    await expect(readRecords('/srv/a.db', many)).rejects.toThrow('it has more than 1000 records');
  });

  it('hold what JSON has no number for as text, and a table of any name', async () => {
    const content = await database(
      'create table t(a)',
      'insert into t values(9e999)',
      'create table "__proto__"(a)',
      'create table "constructor"(a)',
    );
    const tables = await readRecords('/srv/a.db', content);
    expect(Object.keys(tables)).toEqual(['__proto__', 'constructor', 't']);
    expect(tables.t).toEqual([{ a: 'Infinity' }]);
  });

  it('are what the program of the same name says', async ({ skip }) => {
    const path = join(mkdtempSync(join(tmpdir(), 'records-')), 'a.db');
    try {
      execFileSync('sqlite3', [path, "create table t(a, b); insert into t values('ü', 1), ('', null)"]);
    } catch {
      skip('sqlite3 is not installed');
    }
    expect(await readRecords(path, readFileSync(path))).toEqual({
      t: [
        { a: 'ü', b: 1 },
        { a: '', b: null },
      ],
    });
  });
});

describe('the records of a text', () => {
  const read = (path: string, text: string) => readRecords(path, Buffer.from(text));

  it('are the objects of JSON, however they are kept', async () => {
    expect(await read('/a.json', '[{"id": 1}, 2]')).toEqual({ '': [{ id: 1 }] });
    expect(await read('/a.json', '{"users": [{"id": 1}], "n": 3}')).toEqual({ users: [{ id: 1 }] });
    expect(await read('/a.json', '{"ana": {"age": 3}}')).toEqual({ '': [{ key: 'ana', age: 3 }] });
    expect(await read('/a.json', '{"id": 1}')).toEqual({ '': [{ id: 1 }] });
    expect(await read('/a.jsonl', '{"id": 1}\n\n{"id": 2}\n')).toEqual({ '': [{ id: 1 }, { id: 2 }] });
  });

  it('are the lines of a table under its first', async () => {
    expect(await read('/a.csv', 'id,name\n1,"Bo, jr."\n2\n')).toEqual({
      '': [
        { id: '1', name: 'Bo, jr.' },
        { id: '2', name: '' },
      ],
    });
    expect(await read('/a.csv', 'id;name\n1;x\n')).toEqual({ '': [{ id: '1', name: 'x' }] });
  });

  it('are none in an empty file, and refused in one of another kind', async () => {
    expect(await read('/a.json', '')).toEqual({});
    await expect(read('/a.json', 'Dear all')).rejects.toThrow(/JSON/);
    const deep = `[${'{"a":'.repeat(60)}1${'}'.repeat(60)}]`;
    await expect(read('/a.json', deep)).rejects.toThrow('nested more than 50 deep');
    await expect(readRecords('/a.csv', Buffer.alloc(5_000_000))).rejects.toThrow('at most 1048576 are read');
  });
});
