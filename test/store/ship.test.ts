import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { ProctorError } from '../../src/errors.ts';
import { fetchTrial, refusedFolder, sealOf } from '../../src/store/fetch.ts';
import { openFolderStore } from '../../src/store/folder.ts';
import { shipper } from '../../src/store/ship.ts';
import { bodyKey, pieceKey, shippedUnder } from '../../src/store/shipped-trial.ts';
import type { Store } from '../../src/store/store.ts';
import { verifyChain } from '../../src/trace/chain.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { temporaryFolder } from '../folder.ts';
import { openWriter, writeSample } from '../trace/sample.ts';
import { trialStarted } from '../trace/sample-events.ts';

const shipped = { run: 'r', trial: 't', fence: 1 };

async function keysOf(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys;
}

/** A store that keeps the order in which its objects came, and refuses them while it is told to. */
async function watchedStore() {
  const store = await openFolderStore(temporaryFolder());
  const put: string[] = [];
  const state = { refuses: false };
  const noted =
    <T>(action: (key: string, source: Parameters<Store['put']>[1]) => Promise<T>) =>
    async (key: string, source: Parameters<Store['put']>[1]) => {
      if (state.refuses) throw new ProctorError('store-failed', `${key}: refused`);
      const done = await action(key, source);
      put.push(key);
      return done;
    };
  return { put, state, store: { ...store, put: noted(store.put), putIfAbsent: noted(store.putIfAbsent) } };
}

describe('a trial that is shipped', () => {
  it('can be read elsewhere while it goes on, and is the same to the byte when it has ended', async () => {
    const store = await openFolderStore(temporaryFolder());
    const [here, there] = [temporaryFolder(), temporaryFolder()];
    const writer = openWriter(here, 't');
    const shipment = shipper(store, { gatherMs: 10 })(shipped, writer.dir);
    const fetching = fetchTrial({ store, shipped, runDir: there });
    const append = (event: Parameters<typeof writer.append>[0]) => {
      writer.append(event);
      shipment.grown();
    };
    append(trialStarted(writer, 't'));
    const long = writer.bodies.base64(Buffer.from('long '.repeat(2000)).toString('base64'));
    append({ type: 'artifact.collected', phase: 0, path: '/a', name: 'a', bytes: 10_000, data: long });
    await vi.waitFor(() => expect(existsSync(join(store.url, pieceKey(shipped, 1)))).toBe(true));
    await vi.waitFor(async () => {
      await fetching.more();
      expect([...openTrace(join(there, 't')).events]).toHaveLength(2);
    });
    expect(Buffer.from(openTrace(join(there, 't')).bodies.text(long), 'base64').toString()).toBe(
      'long '.repeat(2000),
    );
    append({ type: 'step.finished', step: 1 });
    const head = writer.close();
    await shipment.seal(head);
    await fetching.finish(head);
    expect(readFileSync(join(there, 't/trace.jsonl'))).toEqual(readFileSync(join(here, 't/trace.jsonl')));
    expect(readdirSync(join(there, 'bodies'))).toEqual(readdirSync(join(here, 'bodies')));
    expect((await sealOf(store, shipped))?.head).toEqual(head);
  });

  it('goes in pieces of whole lines, each after the bodies that it names', async () => {
    const { store, put } = await watchedStore();
    const sample = writeSample(temporaryFolder(), 't');
    await shipper(store, { pieceBytes: 700 })(shipped, sample.dir).seal(sample.head);
    const pieces = put.filter((key) => key.endsWith('.jsonl'));
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces).toEqual(pieces.map((_, index) => pieceKey(shipped, index + 1)));
    for (const name of readdirSync(join(sample.dir, '../bodies'))) expect(put).toContain(bodyKey('r', name));
    const whole = Buffer.concat(pieces.map((key) => readFileSync(join(store.url, key))));
    expect(whole.equals(sample.bytes)).toBe(true);
    for (const [index, key] of put.entries()) {
      if (!key.endsWith('.jsonl')) continue;
      const named = readFileSync(join(store.url, key), 'utf8').match(/(?<="sha256":")[0-9a-f]{64}/g) ?? [];
      for (const sha256 of named) expect(put.slice(0, index)).toContain(bodyKey('r', sha256));
    }
  });

  it('loses nothing where the store refuses for a while', async () => {
    const { store, state } = await watchedStore();
    const [here, there] = [temporaryFolder(), temporaryFolder()];
    const writer = openWriter(here, 't');
    const shipment = shipper(store, { gatherMs: 1 })(shipped, writer.dir);
    state.refuses = true;
    writer.append(trialStarted(writer, 't'));
    shipment.grown();
    await sleep(30);
    state.refuses = false;
    writer.append({ type: 'step.finished', step: 0 });
    const head = writer.close();
    await shipment.seal(head);
    await fetchTrial({ store, shipped, runDir: there }).finish(head);
    expect(shipment.failed.aborted).toBe(false);
    expect(verifyChain(join(there, 't'), head)).toEqual(head);
  });

  it('fails in one line where the store refuses for too long, and is not sealed', async () => {
    const { store, state } = await watchedStore();
    const writer = openWriter(temporaryFolder(), 't');
    const shipment = shipper(store, { gatherMs: 1, patienceMs: 50 })(shipped, writer.dir);
    state.refuses = true;
    writer.append(trialStarted(writer, 't'));
    shipment.grown();
    await vi.waitFor(() => expect(shipment.failed.aborted).toBe(true));
    const line = `r/t: its events could not be shipped within 0.05 s: ${pieceKey(shipped, 1)}: refused`;
    expect(shipment.failed.reason).toMatchObject({ code: 'store-failed', message: line });
    state.refuses = false;
    await expect(shipment.seal(writer.close())).rejects.toThrow(line);
    expect(await keysOf(store, 'runs/')).toEqual([]);
  });

  it('is not waited for where the store does not answer at all', async () => {
    const { store } = await watchedStore();
    const writer = openWriter(temporaryFolder(), 't');
    const silent = { ...store, put: () => new Promise<never>(() => {}) };
    const shipment = shipper(silent, { gatherMs: 1, patienceMs: 50 })(shipped, writer.dir);
    writer.append(trialStarted(writer, 't'));
    await expect(shipment.seal(writer.close())).rejects.toThrow(/within 0.05 s: the store did not answer/);
  });

  it('is shipped no further once it is another worker’s', async () => {
    const { store, put } = await watchedStore();
    const writer = openWriter(temporaryFolder(), 't');
    const shipment = shipper(store, { gatherMs: 1 })(shipped, writer.dir);
    writer.append(trialStarted(writer, 't'));
    shipment.stop();
    shipment.grown();
    await sleep(20);
    await expect(shipment.seal(writer.close())).rejects.toMatchObject({ code: 'interrupted' });
    expect(put).toEqual([]);
  });
});

describe('what is fetched of a trial', () => {
  async function shippedSample() {
    const store = await openFolderStore(temporaryFolder());
    const sample = writeSample(temporaryFolder(), 't');
    await shipper(store, { pieceBytes: 700 })(shipped, sample.dir).seal(sample.head);
    return { store, sample, runDir: temporaryFolder() };
  }

  it('is the committed attempt alone, and refused ones lie apart with their bodies', async () => {
    const { store, sample, runDir } = await shippedSample();
    const zombie = writeSample(temporaryFolder(), 't', { now: () => new Date(0) });
    await shipper(store)({ ...shipped, fence: 2 }, zombie.dir).seal(zombie.head);
    await fetchTrial({ store, shipped, runDir }).finish(sample.head);
    const refused = { store, shipped: { ...shipped, fence: 2 }, runDir: refusedFolder(runDir), as: 't.2' };
    await fetchTrial(refused).finish(zombie.head);
    expect(verifyChain(join(runDir, 't'))).toEqual(sample.head);
    expect(verifyChain(join(runDir, 'refused/t.2'))).toEqual(zombie.head);
    const { bodiesDir } = openTrace(join(runDir, 'refused/t.2'));
    expect(readdirSync(bodiesDir)).toEqual(readdirSync(join(zombie.dir, '../bodies')));
  });

  it('takes the place of another attempt’s, and is not fetched again where it is there', async () => {
    const { store, sample, runDir } = await shippedSample();
    const other = writeSample(runDir, 't', { now: () => new Date(0) });
    expect(other.head).not.toEqual(sample.head);
    await fetchTrial({ store, shipped, runDir }).finish(sample.head);
    expect(verifyChain(join(runDir, 't'))).toEqual(sample.head);
    await store.delete(pieceKey(shipped, 1));
    await fetchTrial({ store, shipped, runDir }).finish(sample.head);
  });

  it('is read up to the last piece of a worker that died', async () => {
    const { store, runDir } = await shippedSample();
    const pieces = await keysOf(store, `${shippedUnder(shipped)}trace/`);
    for (const key of pieces.slice(3)) await store.delete(key);
    const fetching = fetchTrial({ store, shipped, runDir });
    expect(await fetching.more()).toBeGreaterThan(700);
    expect(await fetching.more()).toBe(0);
    expect(verifyChain(join(runDir, 't')).events).toBe([...openTrace(join(runDir, 't')).events].length);
  });

  it('is refused where a piece or a body was changed, or is missing', async () => {
    const { store, sample, runDir } = await shippedSample();
    const finish = () => fetchTrial({ store, shipped, runDir }).finish(sample.head);
    const pieces = await keysOf(store, `${shippedUnder(shipped)}trace/`);
    const last = pieces.at(-1) ?? '';
    const whole = readFileSync(join(store.url, last));
    await store.delete(last);
    await expect(finish()).rejects.toMatchObject({ code: 'tampered-trace' });
    await store.put(last, Buffer.from(whole.toString().replace('"seq":', '"seq": ')));
    await expect(finish()).rejects.toMatchObject({ code: 'tampered-trace' });
    await store.put(last, whole);
    await finish();
    const [body = ''] = await keysOf(store, 'runs/r/bodies/');
    appendFileSync(join(store.url, body), 'more');
    const elsewhere = fetchTrial({ store, shipped, runDir: temporaryFolder() });
    await expect(elsewhere.finish(sample.head)).rejects.toMatchObject({ code: 'tampered-trace' });
  });

  it('holds what an agent said that looks like a body, and is none', async () => {
    const store = await openFolderStore(temporaryFolder());
    const writer = openWriter(temporaryFolder(), 't');
    writer.append(trialStarted(writer, 't'));
    const lookalike = { sha256: 'a'.repeat(64), bytes: 5, encoding: 'utf8' } as const;
    writer.append({ type: 'artifact.collected', phase: 0, path: '/a', name: 'a', bytes: 5, data: lookalike });
    const head = writer.close();
    await shipper(store)(shipped, writer.dir).seal(head);
    await fetchTrial({ store, shipped, runDir: temporaryFolder() }).finish(head);
  });

  it('says so where nothing was shipped', async () => {
    const { store, sample, runDir } = await shippedSample();
    const nothing = fetchTrial({ store, shipped: { ...shipped, fence: 9 }, runDir });
    expect(await nothing.more()).toBe(0);
    await expect(nothing.finish(sample.head)).rejects.toThrow('nothing was shipped of r/t');
    expect(await sealOf(store, { ...shipped, fence: 9 })).toBeUndefined();
  });
});
