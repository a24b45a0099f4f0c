import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trialScore } from '../src/schema/score.ts';
import { readScore, scoreKeyOf, writeScore } from '../src/score-file.ts';
import { madeScore, noRules, passed } from './scoring/trace-builder.ts';

const score = madeScore({
  milestones: { found: 1 },
  steps: [{ calls: [{ tool: 'look' }], milestones: { found: true } }],
  verified: passed,
});
const key = scoreKeyOf('abc');

describe('a score kept beside its trace', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'proctor-score-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('fits the schema and is read back as it was written', () => {
    expect(trialScore.parse(score)).toEqual(score);
    writeScore(dir, key, score);
    expect(readScore(dir, key)).toEqual(score);
    expect(readdirSync(dir)).toEqual(['scores.json']);
  });

  it('is none for another trace or another policy', () => {
    writeScore(dir, key, score);
    expect(readScore(dir, scoreKeyOf('abd'))).toBeUndefined();
    expect(readScore(dir, scoreKeyOf('abc', noRules))).toBeUndefined();
  });

  it('is none for other scorers', () => {
    writeScore(dir, { ...key, scorers: key.scorers + 1 }, score);
    expect(readScore(dir, key)).toBeUndefined();
  });

  it('is none where there is no file, or a broken one', () => {
    expect(readScore(dir, key)).toBeUndefined();
    writeScore(dir, key, score);
    const path = join(dir, 'scores.json');
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 50));
    expect(readScore(dir, key)).toBeUndefined();
  });

  it('is none where it was edited, and holds JSON', () => {
    writeScore(dir, key, score);
    const path = join(dir, 'scores.json');
    const file = JSON.parse(readFileSync(path, 'utf8'));
    expect(file).toMatchObject({ key, score });
    file.score.efficiency.calls += 1;
    writeFileSync(path, `${JSON.stringify(file)}\n`);
    expect(readScore(dir, key)).toBeUndefined();
  });

  it('that cannot be written says where', () => {
    expect(() => writeScore(join(dir, 'absent'), key, score)).toThrow(/absent/);
  });
});
