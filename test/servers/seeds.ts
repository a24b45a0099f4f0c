import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import initSqlite from 'sql.js';
import type { Published } from './servers.ts';

/** Makes the folders that servers are started with, below `dir`. */
export async function makeSeeds(dir: string): Promise<Record<NonNullable<Published['seed']>, string>> {
  const folder = (name: string) => {
    const path = join(dir, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const database = folder('database');
  const sqlite = new (await initSqlite()).Database();
  sqlite.run("CREATE TABLE book (title TEXT, year INTEGER); INSERT INTO book VALUES ('Emma', 1815);");
  for (const name of ['app.db', 'test.db']) writeFileSync(join(database, name), sqlite.export());
  const vault = folder('vault');
  mkdirSync(join(vault, '.obsidian'), { recursive: true });
  writeFileSync(join(vault, '.obsidian', 'app.json'), '{}\n');
  writeFileSync(join(vault, 'Books.md'), '# Books\n\nEmma, 1815. #novel\n');
  const repository = folder('repository');
  writeFileSync(join(repository, 'notes.txt'), 'first\n');
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '-q', '-m', 'Begin');
  return { database, vault, repository };
}
