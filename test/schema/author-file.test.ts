import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readAuthorFile, readAuthorFileIfPresent } from '../../src/schema/author-file.ts';
import { script, taskAdditions } from '../../src/schema/task.ts';
import { folderOf } from '../folder.ts';

const schema = z.strictObject({
  name: z.string(),
  size: z.enum(['small', 'large']).default('small'),
  parts: z.array(z.strictObject({ weight: z.number() })).default([]),
});

function messageFor(name: string, text: string, against: z.ZodType = schema): string {
  const dir = folderOf({ [name]: text });
  try {
    readAuthorFile(join(dir, name), against);
  } catch (error) {
    return String(error).replace(`${dir}/`, '');
  }
  throw new Error('was read without complaint');
}

describe('an author’s file', () => {
  test('is read with the defaults of its schema', () => {
    const dir = folderOf({ 'a.toml': 'name = "x"\n' });
    expect(readAuthorFile(join(dir, 'a.toml'), schema)).toEqual({ name: 'x', size: 'small', parts: [] });
  });

  test('that is not there is a bad file, or undefined where it may be missing', () => {
    const file = join(folderOf({}), 'a.toml');
    expect(() => readAuthorFile(file, schema)).toThrow('a.toml: missing file');
    expect(readAuthorFileIfPresent(file, schema)).toBeUndefined();
  });

  test.each([
    ['a.toml', 'name = "x"\nsize = \n', 'a.toml:2: not valid TOML'],
    ['a.json', '{"name": "x",\n "size": }', 'a.json:2: not valid JSON: ValueExpected'],
    ['a.json', '{"name": "x"} // no comments', 'a.json:1: not valid JSON'],
    ['a.json', '', 'a.json:1: not valid JSON'],
    ['a.toml', 'nmae = "x"\n', 'a.toml: nmae: unknown key; did you mean "name"? (and 1 more)'],
    ['a.toml', 'name = "x"\nqqqqqqq = 1\n', 'a.toml: qqqqqqq: unknown key; known keys are name, size, parts'],
    ['a.toml', 'size = "small"\n', 'a.toml: name: missing; expected string'],
    ['a.toml', 'name = "x"\nsize = "huge"\n', 'a.toml: size: expected one of "small"|"large"'],
    [
      'a.toml',
      'name = "x"\n[[parts]]\nweight = 1\n[[parts]]\nwieght = 2\n',
      'parts[1].wieght: unknown key; did you mean "weight"?',
    ],
    ['a.json', '[]', 'a.json: expected object, received array'],
  ])('%s with %j says: %s', (name, text, message) => {
    expect(messageFor(name, text)).toContain(`ProctorError: ${name}`);
    expect(messageFor(name, text)).toContain(message);
  });

  test('suggests only keys of the kind that was chosen', () => {
    const text = '[verify]\nby = "script"\nmust = []\n';
    const message = messageFor('proctor.toml', text, taskAdditions);
    expect(message).toContain('verify.must: unknown key; known keys are by, where, copy');
  });

  test('names the kinds there are where the kind is unknown', () => {
    const message = messageFor('proctor.toml', '[verify]\nby = "magic"\n', taskAdditions);
    expect(message).toContain("verify.by: Expected 'script' | 'state' | 'answer'");
  });

  test('reports a step of a script by the shape it comes nearest to', () => {
    expect(messageFor('r.json', '[{"tol": "bash"}]', script)).toContain(
      '[0].tol: unknown key; did you mean "tool"?',
    );
    expect(messageFor('r.json', '[{"calls": [{"tool": "bash", "args": {}}]}]', script)).toContain(
      '[0].calls[0].args: unknown key',
    );
  });
});
