import { describe, expect, it } from 'vitest';
import { defaultRules } from '../../src/policy/default-rule.ts';
import { category } from '../../src/schema/finding.ts';
import { taxonomy } from './taxonomy.ts';

const rows = taxonomy({ rules: defaultRules });

describe('the taxonomy', () => {
  it('names every category, with an example', () => {
    expect(rows.map((row) => row.category)).toEqual(category.options);
    expect(rows.filter(({ example }) => example === '')).toEqual([]);
  });

  it('has something that finds each kind', () => {
    expect(rows.filter(({ foundBy }) => foundBy.length === 0).map((row) => row.category)).toEqual([]);
  });
});
