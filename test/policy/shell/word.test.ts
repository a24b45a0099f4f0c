import { describe, expect, it } from 'vitest';
import { substitution } from '../../../src/policy/shell/context.ts';
import { expandText, expandWord } from '../../../src/policy/shell/word.ts';
import { newContext, wordOf } from './made.ts';

const context = () => {
  const made = newContext();
  made.scope.variables.set('A', { values: ['x y'], known: true });
  made.scope.variables.set('L', { values: ['p', 'q r'], known: true });
  made.scope.variables.set('E', { values: [''], known: true });
  return made;
};
const fields = (text: string) => expandWord(wordOf(text), substitution(context())).map((field) => field.text);

describe('a word', () => {
  it.each([
    ['plain', ['plain']],
    [`'a b'"c d"e`, ['a bc de']],
    ['$A', ['x', 'y']],
    ['"$A"', ['x y']],
    ['pre$A', ['prex', 'y']],
    ['"${L[@]}"', ['p', 'q r']],
    ['${L[@]}', ['p', 'q', 'r']],
    ['$E', []],
    ['"$E"', ['']],
    ["''", ['']],
    ['{a,b}c', ['ac', 'bc']],
    ['{1..3}', ['1', '2', '3']],
    ['/etc/{passwd,shadow}', ['/etc/passwd', '/etc/shadow']],
    ['/etc/shadow{,.bak}', ['/etc/shadow', '/etc/shadow.bak']],
    ["$'\\x72\\x6d'", ['rm']],
    ['$(echo a b)', ['a', 'b']],
    ['"$(echo a b)"', ['a b']],
    ['`echo a`', ['a']],
    ['$(echo $(echo deep))', ['deep']],
    ['*.log', ['*.log']],
    ['r\\m', ['rm']],
    ['ä"ö"ü', ['äöü']],
  ])('%s becomes %j', (text, expected) => {
    expect(fields(text)).toEqual(expected);
  });

  it.each(['$UNKNOWN', '$((1+1))', '$(date)', '"a$UNKNOWN"', '${A/[x]/y}'])(
    '%s is kept as written, as not known',
    (text) => {
      const [field] = expandWord(wordOf(text), substitution(context()));
      expect(field?.known).toBe(false);
      expect(field?.text).toContain('$');
    },
  );

  it('of very many braces, a huge range or a doubled variable is not worked out further', () => {
    expect(fields('{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}')).toHaveLength(1);
    expect(fields('{1..1000000}')).toHaveLength(1);
    const grown = context();
    grown.scope.variables.set('B', { values: ['x'.repeat(150_000)], known: true });
    const [field] = expandWord(wordOf('"$B$B"'), substitution(grown));
    expect(field).toMatchObject({ known: false });
    expect(field?.text.length).toBeLessThanOrEqual(200_000);
  });

  it('that is not split stays one text', () => {
    expect(expandText(wordOf('$A$(echo b)'), substitution(context()))).toEqual({ text: 'x yb', known: true });
  });

  it('with a stream has a path in its place', () => {
    expect(fields('<(echo a)')).toEqual([expect.stringMatching(/^\/dev\/fd\/\d+$/)]);
  });
});
