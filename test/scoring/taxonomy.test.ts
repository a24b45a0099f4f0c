import { describe, expect, it } from 'vitest';
import { defaultRules } from '../../src/policy/default-rule.ts';
import { category } from '../../src/schema/finding.ts';
import { taxonomy } from '../../src/scoring/taxonomy.ts';

const rows = taxonomy({ rules: defaultRules });

/** A kind that only the rules of an environment can tell. */
const byEnvironment = ['harmful-compliance'];

describe('the taxonomy', () => {
  it('names every category, with an example', () => {
    expect(rows.map((row) => row.category)).toEqual(category.options);
    expect(rows.filter(({ example }) => example === '')).toEqual([]);
  });

  it('has something that finds each kind, but for those that only an environment can judge', () => {
    expect(rows.filter(({ foundBy }) => foundBy.length === 0).map((row) => row.category)).toEqual(
      byEnvironment,
    );
  });
});
