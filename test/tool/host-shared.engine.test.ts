import { expect, it } from 'vitest';
import { hostServer, toolboxes } from './open.ts';

const openToolbox = toolboxes();
const faulty = { servers: [hostServer('shop', 'faulty.ts')] };

it('very many servers share threads: one that fails does so alone, and one that blocks its thread names those beside it', async () => {
  const opened = await Promise.all(Array.from({ length: 60 }, () => openToolbox(faulty)));
  const fails = async ({ call }: (typeof opened)[number]) =>
    call('fine').then(
      () => undefined,
      (error: Error) => error.message,
    );
  const [first, second, ...others] = opened;
  if (!first || !second) throw new Error('none was opened');

  expect(await first.call('throws_late')).toMatchObject({ text: 'returned' });
  await expect.poll(() => fails(first)).toMatch(/"throws_late", after it had returned, threw/);
  expect(await Promise.all([second, ...others].map(fails))).toEqual(opened.slice(1).map(() => undefined));

  const spins = second.call('spins', {}, { timeoutMs: 200 });
  await expect(spins).rejects.toThrow(
    /"spins", or a tool of the \d other trials in it, kept its thread busy/,
  );
  const lost = (await Promise.all(others.map(fails))).filter((why) => why !== undefined);
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.length).toBeLessThan(6);
  for (const why of lost)
    expect(why).toMatch(/"spins", or a tool of the \d other trials in it, kept its thread busy/);
}, 120_000);
