import { describe, expect, it } from 'vitest';
import { unparsed } from '../../../src/policy/shell/command.ts';
import { interpret, programText } from '../../../src/policy/shell/interpreter.ts';
import { newContext } from './made.ts';

describe('the program of an interpreter', () => {
  it.each([
    ['python3', ['-c', 'print(1)'], 'print(1)'],
    ['python3.12', ['-Ic', 'print(1)', 'arg'], 'print(1)'],
    ['perl', ['-pe', 's/a/b/', 'f'], 's/a/b/'],
    ['node', ['--eval', '1'], '1'],
    ['deno', ['eval', '1'], '1'],
    ['php', ['-r', '1;'], '1;'],
    ['awk', ['-F:', '{print}', 'f'], '{print}'],
    ['sqlite3', ['a.db', 'drop table x'], 'drop table x'],
    ['python3', ['-c'], ''],
    ['python3', ['unknown.py'], ''],
    ['pythonic', ['-c', 'x'], ''],
    ['cat', ['-c', 'x'], ''],
  ])('%s %j is "%s"', (name, args, text) => {
    expect(programText(name, args, newContext())).toBe(text);
  });

  it('is what it is fed, or the file that was written for it', () => {
    const context = newContext({ stdin: 'fed' });
    context.scope.files.set('a.py', 'written');
    expect(programText('python3', [], context)).toBe('fed');
    expect(programText('python3', ['a.py', 'x'], context)).toBe('written');
    expect(programText('psql', ['db'], newContext({ stdin: 'select 1;' }))).toBe('select 1;');
  });
});

describe('what a program text does', () => {
  const effectOf = (code: string, name = 'python3') => {
    const context = newContext({ commands: [unparsed('')] });
    interpret(name, code, context);
    const [{ reads, writes, deletes, hosts } = unparsed(''), ...inner] = context.commands;
    return { reads, writes, deletes, hosts, runs: inner.map(({ text }) => text) };
  };

  it.each([
    [`open('/etc/passwd').read()`, { reads: ['/etc/passwd'] }],
    [`open("/srv/a", 'w').write('x')`, { writes: ['/srv/a'] }],
    [`import shutil; shutil.rmtree('/srv/data')`, { deletes: ['/srv/data'] }],
    [`fs.rmSync(\`/srv/data\`)`, { deletes: ['/srv/data'] }],
    [`p = '/srv/data'\nos.remove(p)`, { deletes: ['/srv/data'] }],
    [`os.remove('/srv/' + 'data')`, { deletes: ['/srv/data'] }],
    [`os.remove('\\x2fsrv\\x2fdata')`, { deletes: ['/srv/data'] }],
    [`os.remove(b64decode('L3Nydi9kYXRh'))`, { deletes: ['/srv/data'] }],
    [`exec("os.remove('/srv/data')")`, { deletes: ['/srv/data'] }],
    [`urlopen('https://a.example/x')`, { hosts: ['a.example'] }],
    [`socket.create_connection(('a.example', 80))`, { hosts: ['a.example'] }],
    [`sqlite3.connect('/srv/a.db')`, { hosts: [], reads: ['/srv/a.db'] }],
    [`os.system('rm -rf /srv')`, { runs: ['rm -rf /srv'] }],
    [`subprocess.run(['rm', '-rf', '/srv data'])`, { runs: ["rm -rf '/srv data'"] }],
    [`urlopen('http://localhost:80')`, { hosts: [] }],
    [`print('hello')`, { reads: [], writes: [], deletes: [], hosts: [], runs: [] }],
  ])('%s', (code, expected) => {
    expect(effectOf(code)).toMatchObject(expected);
  });

  it('is looked for within bounds, in unfinished and in very long texts', () => {
    expect(() => effectOf(`os.remove('/srv`)).not.toThrow();
    expect(effectOf(`${'x = 1; '.repeat(100_000)}os.remove('/srv')`).deletes).toEqual([]);
    expect(() => effectOf(`exec("${'exec('.repeat(3000)}")`)).not.toThrow();
  });

  it('of a query is left to rules on its text', () => {
    expect(effectOf(`select '/etc/passwd'`, 'sqlite3')).toMatchObject({ reads: [] });
  });
});
