import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserFound, browserNote } from '../browser.ts';
import { beginTrial, type MadeTrial, writeMadeRun } from './made-run.ts';
import { type Viewed, view } from './viewed.ts';

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const [old, now] = ['a'.repeat(64), 'b'.repeat(64)];

function changeFile({ writer }: MadeTrial): void {
  const entry = { type: 'file', mode: '644', size: 8 };
  writer.append({
    type: 'probe.answered',
    step: 1,
    probe: 'state',
    digest: now,
    changed: 1,
    changes: writer.bodies.json([
      {
        path: '/work/notes',
        op: 'changed',
        before: { ...entry, sha256: old },
        after: { ...entry, sha256: now },
      },
    ]),
    contents: { [old]: 'one\ntwo\n', [now]: `one\n${'2 '.repeat(3000)}\n` },
    durationMs: 1,
  });
}

function fill(dir: string): void {
  const runDir = join(dir, 'made');
  const trial = beginTrial(runDir, 'one');
  trial.step({ calls: [{ args: {}, content: [{ type: 'image', mimeType: 'image/png', data: pixel }] }] });
  trial.step({ calls: [{ args: { command: 'edit' }, content: [] }] });
  changeFile(trial);
  const edit = {
    command: 'str_replace',
    path: '/work/plan',
    old_str: 'first\ngo left',
    new_str: 'first\ngo right',
  };
  trial.step({ calls: [{ tool: 'str_replace_based_edit_tool', args: edit, content: [] }] });
  const child = beginTrial(runDir, 'two', { parent: { trace: 'made/one', step: 0 } });
  child.step({ calls: [{ args: { command: 'other' }, content: [] }] });
  writeMadeRun(runDir, { one: trial.end(), two: child.end() });
  const line = (trial: string, msg: string) => JSON.stringify({ level: 40, time: Date.now(), trial, msg });
  writeFileSync(
    join(runDir, 'log.jsonl'),
    `${line('one', 'a server grumbled')}\n${line('two', 'of another')}\n`,
  );
}

describe.skipIf(!browserFound)(`parts of a step${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view(fill);
  });
  afterAll(() => viewed?.close());

  it('show an image that a tool gave back', async () => {
    const { page, troubles } = await viewed.open('#/trial/made/one?step=0&tab=calls');
    const image = page.getByRole('img', { name: 'what the tool gave back' });
    await image.waitFor();
    expect(await page.evaluate("document.querySelector('img.picture').naturalWidth")).toBe(1);
    expect(troubles).toEqual([]);
  });

  it('show a changed file line by line, before and after', async () => {
    const { page } = await viewed.open('#/trial/made/one?step=1&tab=world');
    const difference = page.getByRole('region', { name: 'Difference' });
    await difference.waitFor();
    expect(await difference.locator('tr.removed td').allTextContents()).toEqual(['2', '', '−', 'two']);
    expect(await difference.locator('tr.added td').nth(1).textContent()).toBe('2');
    expect(await difference.locator('tr.same td').last().textContent()).toBe('one');
  });

  it('show what the program logged of the trial, and nothing of another', async () => {
    const { page } = await viewed.open('#/trial/made/one?step=1&tab=log');
    await page.getByText('The whole trial (1 lines)').click();
    await page.getByText('a server grumbled').waitFor();
    expect(await page.getByText('of another').count()).toBe(0);
  });

  it('show what an edit takes out and puts in, also where nobody looked at the world', async () => {
    const { page } = await viewed.open('#/trial/made/one?step=2&tab=calls');
    const difference = page.getByRole('region', { name: 'Difference' });
    for (const tab of ['Calls', 'Before / after']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator('.edited', { hasText: '/work/plan' }).waitFor();
      expect(await difference.locator('tr.removed').allTextContents()).toEqual(['−go left']);
      expect(await difference.locator('tr.added').allTextContents()).toEqual(['+go right']);
      expect(await difference.locator('tr.same').allTextContents()).toEqual(['first']);
    }
  });
});
