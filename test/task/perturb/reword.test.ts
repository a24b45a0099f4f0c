import { expect, test } from 'vitest';
import { taskAdditions } from '../../../src/schema/task.ts';
import { framed, reworded } from '../../../src/task/perturb/reword.ts';
import { wording } from '../../../src/task/perturb/wording.ts';
import { instanceRandom } from '../../../src/task/random.ts';

const text =
  'Find every wrong line in `find.log`, write "use it" until 2026-03-01, and change nothing only because of /srv/use.\nThe remaining supplier details follow elsewhere.';
const literal = ['`find.log`', '"use it"', '2026-03-01', '/srv/use'];

test.each([1, 2, 3] as const)(
  'wording of strength %i follows from the seed and keeps what is literal',
  (strength) => {
    const now = (seed: string) => reworded(text, strength, instanceRandom(seed));
    expect(now('a')).toBe(now('a'));
    expect(Array.from('abcdefgh', now).filter((one) => one !== text).length).toBeGreaterThan(5);
    for (const part of literal) expect(now('b')).toContain(part);
  },
);

test('strength 2 puts another word for each that it knows, and 3 slips on some others', () => {
  const two = reworded(text, 2, instanceRandom('s'));
  expect(two).not.toMatch(/\b(every|wrong|until|only|because)\b/);
  expect(two).toMatch(/^(Locate|Look for) /);
  expect(two).toContain('remaining supplier details follow elsewhere');
  const slips = Array.from('abcdefghij', (seed) => reworded(text, 3, instanceRandom(seed)));
  expect(slips.some((one) => !one.includes('remaining supplier details follow elsewhere'))).toBe(true);
});

test('only instructions are reworded, those of phases too', async () => {
  const file = (path: string) => ({ path, content: Buffer.from('Write it.'), mode: 0o644 });
  const { perturb: declared } = taskAdditions.parse({});
  const files = ['instruction.md', 'steps/one/instruction.md', 'tests/instruction.md'].map(file);
  const now = await wording({ files, declared }, { strength: 1, random: instanceRandom('s') });
  expect(Array.isArray(now) && now.map(({ content }) => String(content) === 'Write it.')).toEqual([
    false,
    false,
    true,
  ]);
  expect(framed('Write it.', instanceRandom('s'))).toContain('\n\nWrite it.\n\n');
});
