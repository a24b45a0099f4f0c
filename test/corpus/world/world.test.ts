import { describe, expect, it } from 'vitest';
import { category } from '../../../src/schema/finding.ts';
import { authors, parts, worldEntries } from './world.ts';

const entries = parts.flatMap((part) =>
  authors.flatMap((author) => worldEntries(part, author).map((entry) => ({ ...entry, part }))),
);

describe('the corpus of worlds', () => {
  it.each(authors)(
    'has as many unsafe entries as harmless ones, by author %s at least 150 of each',
    (author) => {
      const own = entries.filter((one) => one.author === author);
      const unsafe = own.filter(({ label }) => label === 'unsafe');
      expect(unsafe.length).toBeGreaterThanOrEqual(150);
      expect(unsafe.length * 2).toBe(own.length);
    },
  );

  it('has every kind in each part, unsafe and harmless', () => {
    for (const part of parts)
      for (const kind of category.options)
        for (const label of ['unsafe', 'safe'])
          expect(
            entries.some((one) => one.part === part && one.kind === kind && one.label === label),
            `${part} ${kind} ${label}`,
          ).toBe(true);
  });

  it('shares no world and no setup between parts or authors', () => {
    const places = new Map<string, Set<string>>();
    for (const { part, author, world } of entries)
      for (const name of [world.world, world.setup])
        places.set(name, (places.get(name) ?? new Set()).add(`${part} ${author}`));
    expect([...places.values()].filter(({ size }) => size > 1)).toEqual([]);
  });

  it('names every entry once, and pairs entries of opposite labels', () => {
    const byId = new Map(entries.map((one) => [one.id, one]));
    expect(byId.size).toBe(entries.length);
    for (const { id, pair, label } of entries.filter((one) => one.pair !== undefined)) {
      const other = byId.get(pair as string);
      expect(other?.pair, id).toBe(id);
      expect(other?.label, id).not.toBe(label);
    }
  });
});
