import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Body } from '../../src/schema/body.ts';
import { inlineLimit } from '../../src/schema/body.ts';
import type { Content } from '../../src/schema/content.ts';
import { createBodyReader, createBodyStore } from '../../src/trace/body-store.ts';
import { createSecrets } from '../../src/trace/secret.ts';
import { temporaryFolder } from './sample.ts';

const texts: Record<string, string> = {
  empty: '',
  emoji: '🦀 naïve 汉字\r\n\u2028',
  'NUL and control characters': '\0\u0001\u001b[31m\u007f\ufeff',
  'a lone high surrogate': 'a\ud83d',
  'a lone low surrogate': '\ude00a',
  'surrogates the wrong way round': '\ude00\ud83d',
  'a replacement character': '\ufffd',
  'what looks like a secret': '{{secret:KEY}} {{secret::KEY}} {{{secret:',
};
const binary = Buffer.from(Array.from({ length: 9000 }, (_, index) => (index * 31) % 256)).toString('base64');

/** A body as it is after it went through a line of the log. */
const logged = <T>(value: T): T => JSON.parse(JSON.stringify(value));

function openStore() {
  const dir = temporaryFolder();
  return { dir, store: createBodyStore(dir, createSecrets({})), reader: () => createBodyReader(dir) };
}

function stored(body: Body): Exclude<Body, string> {
  if (typeof body === 'string') throw new Error('expected a body beside the log');
  return body;
}

describe('bodies', () => {
  const { dir, store, reader } = openStore();

  it.each(Object.entries(texts))('come back exactly, inline and stored: %s', (_, text) => {
    expect(reader().text(logged(store.text(text)))).toBe(text);
    const long = text + 'x'.repeat(inlineLimit) + text;
    expect(reader().text(logged(store.text(long)))).toBe(long);
    const value = { [text]: [text, { long }] };
    expect(reader().json(logged(store.json(value)))).toEqual(value);
  });

  it('come back exactly at five megabytes', () => {
    const text = 'a🦀\0'.repeat(1_000_000);
    const body = stored(store.text(text));
    expect(body.bytes).toBe(6_000_000);
    expect(reader().text(body) === text).toBe(true);
  });

  it('keep binary data as bytes, and base64 that is not canonical as text', () => {
    const odd = `${binary.slice(0, 8000)}\n`;
    const blocks: Content[] = [
      { type: 'image', mimeType: 'image/png', data: binary },
      { type: 'audio', mimeType: 'audio/wav', data: 'AAAA' },
      { type: 'image', mimeType: 'image/png', data: odd },
      { type: 'other', json: '{"type":"resource_link"}' },
      { type: 'text', text: binary },
    ];
    const content = store.content(blocks);
    expect(reader().content(logged(content))).toEqual(blocks);
    expect(content[0]).toMatchObject({ data: { bytes: 9000, encoding: 'base64' } });
  });

  it('are inline up to the limit and stored above it', () => {
    expect(store.text('y'.repeat(inlineLimit))).toBe('y'.repeat(inlineLimit));
    expect(store.text('y'.repeat(inlineLimit + 1))).toMatchObject({ bytes: inlineLimit + 1 });
  });

  it('are written once, with nothing left over', () => {
    const { sha256 } = stored(store.text('z'.repeat(9999)));
    const before = statSync(join(dir, sha256));
    store.text('z'.repeat(9999));
    expect(statSync(join(dir, sha256)).ino).toBe(before.ino);
    expect(readdirSync(dir).filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });

  it('are written again over one that a crash cut off', () => {
    const text = 'w'.repeat(9999);
    const { sha256 } = stored(store.text(text));
    writeFileSync(join(dir, sha256), '');
    store.text(text);
    expect(readFileSync(join(dir, sha256), 'utf8')).toBe(text);
  });

  it('are refused when they were changed or are gone', () => {
    const body = stored(store.text('v'.repeat(9999)));
    const path = join(dir, body.sha256);
    writeFileSync(path, 'v'.repeat(9998));
    expect(() => reader().text(body)).toThrow(expect.objectContaining({ code: 'bad-trace' }));
    rmSync(path);
    expect(() => reader().text(body)).toThrow(path);
  });

  it('that are no JSON are refused as JSON', () => {
    expect(() => reader().json('{"a":')).toThrow(expect.objectContaining({ code: 'bad-trace' }));
  });

  it('stay right when more was read than the reader keeps in memory', () => {
    const letters = [...'abcdefghijklmnop'];
    const bodies = letters.map((letter) => store.text(letter.repeat(1_000_000)));
    const one = reader();
    for (const _ of [1, 2]) {
      expect(bodies.map((body) => one.text(body)[0])).toEqual(letters);
    }
  });
});
