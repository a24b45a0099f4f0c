import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/policy/shell/invoke.ts';
import { commandOf, newContext } from './made.ts';

function run(text: string, context = newContext({ source: text })) {
  const output = runCommand(commandOf(text), context);
  return { output, commands: context.commands, context };
}

describe('a command', () => {
  it('is noted by its base name, with arguments, flags, operands, environment and text', () => {
    const { commands } = run('A=1 /usr/bin/rm -rf "/a b"');
    expect(commands).toMatchObject([
      {
        name: 'rm',
        args: ['-rf', '/a b'],
        flags: ['-r', '-f'],
        operands: ['/a b'],
        env: { A: '1' },
        text: 'A=1 /usr/bin/rm -rf "/a b"',
        resolved: true,
        deletes: ['/a b'],
      },
    ]);
  });

  it('with a word that cannot be worked out is noted as not resolved', () => {
    expect(run('rm $UNKNOWN').commands).toMatchObject([{ args: ['$UNKNOWN'], resolved: false }]);
  });

  it('without a name sets variables, arrays and what is appended', () => {
    const { context } = run('A=1 B=(x y) A+=2');
    expect(context.scope.variables.get('A')?.values).toEqual(['12']);
    expect(context.scope.variables.get('B')?.values).toEqual(['x', 'y']);
    expect(context.commands).toEqual([]);
  });

  it('that is only a redirection is noted as :', () => {
    expect(run('> /srv/a').commands).toMatchObject([{ name: ':', writes: ['/srv/a'] }]);
  });

  it('that wraps another is noted, and the other as run by it', () => {
    expect(run('sudo -u bob env X=1 rm a').commands.map(({ name, via }) => [name, via])).toEqual([
      ['sudo', []],
      ['env', ['sudo']],
      ['rm', ['sudo', 'env']],
    ]);
  });

  it('gives what it prints, unless that goes into a file', () => {
    expect(run('echo hi').output).toBe('hi\n');
    const { output, context } = run('echo hi > f');
    expect(output).toBe('');
    expect(context.scope.files.get('f')).toBe('hi\n');
    expect(runCommand(commandOf('echo more >> f'), context)).toBe('');
    expect(context.scope.files.get('f')).toBe('hi\nmore\n');
  });

  it('is cut where it is longer than a rule should look at', () => {
    const [command] = run(`echo ${'x'.repeat(100_000)} ${'y '.repeat(2000)}`).commands;
    expect(command?.args).toHaveLength(999);
    expect(command?.args[0]).toHaveLength(16_384);
    expect(command?.resolved).toBe(false);
  });

  it('is not looked at once the budget is spent', () => {
    const context = newContext({ budget: { left: 1 } });
    expect(runCommand(commandOf('rm -rf /'), context)).toBeUndefined();
    expect(context.commands).toMatchObject([{ name: '' }]);
  });
});
