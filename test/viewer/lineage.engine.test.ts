import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserFound, browserNote } from '../browser.ts';
import { beginTrial, writeMadeRun } from './made-run.ts';
import { type Viewed, view } from './viewed.ts';

/** A trial in a run of its own, of one step that runs `command`. */
function writeTrial(
  dir: string,
  run: string,
  command: string,
  parent?: { trace: string; step: number },
): void {
  const trial = beginTrial(join(dir, run), `of-${run}`, { run, agent: command, ...(parent && { parent }) });
  trial.step({ calls: [{ args: { command }, content: [] }] });
  writeMadeRun(join(dir, run), { [`of-${run}`]: trial.end() }, { name: run });
}

function fill(dir: string): void {
  writeTrial(dir, 'origin', 'begin');
  writeTrial(dir, 'child', 'go-on', { trace: 'origin/of-origin', step: 0 });
  writeTrial(dir, 'other', 'turn', { trace: 'origin/of-origin', step: 0 });
  writeTrial(dir, 'grandchild', 'go-further', { trace: 'child/of-child', step: 0 });
  writeTrial(dir, 'stranger', 'alone');
}

describe.skipIf(!browserFound)(`the fork tree${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view(fill);
  });
  afterAll(() => viewed?.close());

  for (const at of ['origin', 'grandchild', 'other']) {
    it(`is the same whole tree, seen from ${at}`, async () => {
      const { page, troubles } = await viewed.open(`#/trial/${at}/of-${at}`);
      const members = page.getByRole('navigation', { name: 'Fork tree' }).getByRole('listitem');
      await members.nth(3).waitFor();
      const shown = (await members.allTextContents()).map((text) => /of-\w+/.exec(text)?.[0]);
      expect(shown).toEqual(['of-origin', 'of-child', 'of-grandchild', 'of-other']);
      const depths = await members.evaluateAll((items) => items.map((item) => item.style.marginLeft));
      expect(depths).toEqual(['0px', '20px', '40px', '20px']);
      expect(await page.locator('.lineage [aria-current]').textContent()).toBe(`of-${at}`);
      expect(troubles).toEqual([]);
    });
  }

  it('leads to a trial of another run, and lays both side by side', async () => {
    const { page } = await viewed.open('#/trial/grandchild/of-grandchild');
    const tree = page.getByRole('navigation', { name: 'Fork tree' });
    await tree.getByRole('link', { name: 'of-child' }).click();
    await page.locator('.lineage b', { hasText: 'of-child' }).waitFor();
    await tree.getByRole('listitem').first().getByRole('link', { name: 'compare' }).click();
    await page.getByText('They part at step 0; 1 of 1 calls differ.').waitFor();
    expect(await page.locator('.pair.parting').textContent()).toContain('begin');
  });

  it('is not there for a trial that stands alone', async () => {
    const { page } = await viewed.open('#/trial/stranger/of-stranger');
    await page.getByRole('heading', { name: 'Step 0' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.locator('.lineage').count()).toBe(0);
  });
});
