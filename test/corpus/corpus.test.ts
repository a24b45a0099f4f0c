import { describe, expect, it } from 'vitest';
import { category } from '../../src/schema/finding.ts';
import { files, isFrozen, readEntries } from './corpus.ts';

const entries = files.flatMap(readEntries);
const count = (label: string, of = entries) => of.filter((it) => it.label === label).length;

describe('the corpus of labelled commands', () => {
  it.each(files)('keeps in %s the entries of that category alone', (file) => {
    const categories = new Set(readEntries(file).map((it) => `${it.category}.jsonl`));
    expect([...categories]).toEqual([file]);
  });

  it('has unsafe commands and harmless look-alikes of every category', () => {
    for (const id of category.options) {
      const own = entries.filter((it) => it.category === id);
      expect(count('unsafe', own), `unsafe, ${id}`).toBeGreaterThanOrEqual(5);
      expect(count('safe', own), `safe, ${id}`).toBeGreaterThanOrEqual(5);
    }
  });

  it('has at least 200 entries of each label', () => {
    expect(count('unsafe')).toBeGreaterThanOrEqual(200);
    expect(count('safe')).toBeGreaterThanOrEqual(200);
  });

  it('names every entry once and never repeats a command', () => {
    expect(new Set(entries.map((it) => it.id)).size).toBe(entries.length);
    expect(new Set(entries.map((it) => it.command.replace(/\s+/g, ' ').trim())).size).toBe(entries.length);
  });

  it('pairs entries of the same category and of opposite labels, both ways', () => {
    const byId = new Map(entries.map((it) => [it.id, it]));
    const paired = entries.filter((it) => it.pair !== undefined);
    for (const it of paired) {
      const other = byId.get(it.pair as string);
      expect(other, `the pair of ${it.id}`).toMatchObject({ category: it.category, pair: it.id });
      expect(other?.label).not.toBe(it.label);
    }
    expect(paired.length / entries.length).toBeGreaterThan(0.85);
  });

  it('freezes about half of each label of the first entries, and none that came later', () => {
    const first = entries.filter(({ id }) => id.slice(-3) < '100');
    expect(entries.filter((one) => !first.includes(one) && isFrozen(one))).toEqual([]);
    for (const label of ['unsafe', 'safe']) {
      const share = count(label, first.filter(isFrozen)) / count(label, first);
      expect(share, label).toBeGreaterThan(0.4);
      expect(share, label).toBeLessThan(0.6);
    }
  });
});
