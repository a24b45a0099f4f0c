import { describe, expect, it } from 'vitest';
import { fieldsOf, isBlank } from '../../src/scoring/trial/field.ts';

const entries = (text: string) => Object.fromEntries(fieldsOf(text));

describe('the fields of a text', () => {
  it('are those of a form, a table, JSON and XML', () => {
    expect(entries('Name: Ruth Amsel\n- phone = "5550101",\nNo field here\n')).toEqual({
      Name: 'Ruth Amsel',
      phone: '5550101',
    });
    expect(entries('day,temp\n1,20.1\n2,\n')).toEqual({ '1/temp': '20.1', '2/temp': '' });
    expect(entries('{"a": [{"b": null}], "c": 1}')).toEqual({ '/a/0/b': '', '/c': '1' });
    expect(entries('<a><vatId>DE8</vatId><vatId/></a>')).toEqual({ vatId: 'DE8' });
  });

  it('are none in lines that no form has, however long', () => {
    expect(entries(`a:${' '.repeat(5000)}x${' '.repeat(5000)}\rx`)).toEqual({});
    expect(isBlank(`${'-'.repeat(200_000)}x`)).toBe(false);
  });
});

it.each(['', 'null', '(not given)', '____', '?', 'TBD', '-- to be supplied --', 'n/a', 'unknown'])(
  'takes "%s" for blank',
  (value) => expect(isBlank(value)).toBe(true),
);

it.each(['0', '5550101', 'Ruth', 'notary', 'unknowable'])('takes "%s" for a value', (value) =>
  expect(isBlank(value)).toBe(false),
);
