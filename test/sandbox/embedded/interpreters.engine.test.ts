import { expect, it } from 'vitest';
import { embeddedProvider } from '../../../src/sandbox/embedded/provider.ts';
import { embeddedSpec, sandboxes, say } from './sandboxes.ts';

const open = sandboxes();

it('runs jq, SQLite and Python over the same files', async () => {
  const sandbox = await open();
  const command = [
    `echo '{"n": [1, 2]}' | jq -c '.n | map(. + 1)' > out.json`,
    'sqlite3 shop.db "create table item(name); insert into item values (\'é\')"',
    'python3 -c "import json; print(sum(json.load(open(\'out.json\'))))"',
    'sqlite3 shop.db "select name from item"',
  ].join('; ');
  expect(await say(sandbox, command)).toEqual({ out: '5\né\n', err: '', code: 0 });
  expect((await sandbox.files.read('/work/shop.db')).subarray(0, 6).toString()).toBe('SQLite');
});

it('passes the turn on when the command that has it is killed', async () => {
  const provider = embeddedProvider({ interpreters: 1 });
  const [first, second] = await Promise.all([provider.open(embeddedSpec), provider.open(embeddedSpec)]);
  try {
    const [stuck, next] = await Promise.all([
      first.exec('python3 -c "while True: pass"', { timeoutMs: 500 }),
      say(second, 'python3 -c "print(7)"; sqlite3 :memory: "select 8"', { timeoutMs: 20_000 }),
    ]);
    expect(stuck.timedOut).toBe(true);
    expect(next.out).toBe('7\n8\n');
  } finally {
    await Promise.all([first.close(), second.close()]);
    await provider.close();
  }
});
