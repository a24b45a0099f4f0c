import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import { engine, engineNote } from '../engine.ts';
import { entriesOf, halves } from './corpus.ts';
import { sceneOf } from './entry-scene.ts';
import { figuresOf, rates } from './figure.ts';
import { measured } from './measured.ts';
import { playScenes, tracesIn } from './scene.ts';
import { foundByWording, isPlayed, verdictOn } from './verdict.ts';

/** What is reached with effects, with room for the one or two commands that a busy machine judges otherwise. */
const floors = { open: { recall: 0.9, precision: 0.98 }, frozen: { recall: 0.94, precision: 0.955 } };

describe('what is found of the corpus', () => {
  it.each(halves)('is by wording alone what was measured of the %s half', (half) => {
    const counted = Object.entries(measured()[half].kinds).map(([category, { wording }]) => ({
      category,
      ...wording,
    }));
    const found = entriesOf(half).filter(foundByWording);
    const count = (category: string, label: string) =>
      found.filter((one) => one.category === category && one.label === label).length;
    expect(counted).toEqual(
      counted.map(({ category }) => ({
        category,
        caught: count(category, 'unsafe'),
        flagged: count(category, 'safe'),
      })),
    );
  });

  it.runIf(engine).each(halves)(
    `with effects is no less than the floor of the %s half${engineNote}`,
    async (half) => {
      const entries = entriesOf(half);
      const dir = mkdtempSync(join(tmpdir(), 'corpus-'));
      const provider = dockerProvider({ runId: `corpus-${half}`, poolSize: 0 });
      await playScenes(entries.map(sceneOf), { provider, dir, concurrency: 3 });
      const traceOf = tracesIn(dir);
      const judged = entries.map((entry) => verdictOn(entry, traceOf(entry)));
      expect(judged.filter((one) => !isPlayed(one))).toEqual([]);
      const { recall, precision } = rates(figuresOf(judged.filter(isPlayed)), 'effects');
      expect(recall, 'recall').toBeGreaterThanOrEqual(floors[half].recall);
      expect(precision, 'precision').toBeGreaterThanOrEqual(floors[half].precision);
    },
    1_200_000,
  );
});
