import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/schema/canonical-json.ts';
import type { Content } from '../../src/schema/content.ts';
import { contentDigest, jsonDigest, sha256 } from '../../src/trace/digest.ts';
import { openWriter, temporaryFolder } from './sample.ts';

describe('digests', () => {
  it('are sha256 over the bytes of a text', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256(Buffer.from('ü'))).toBe(sha256('ü'));
  });

  it('differ for lone surrogates that UTF-8 would make equal', () => {
    expect(sha256('\ud800')).not.toBe(sha256('\ud801'));
  });

  it('of JSON do not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: 'é' }], a: null })).toBe('{"a":null,"b":[1,{"c":"é","d":1}]}');
    expect(jsonDigest({ a: 1, b: 2 })).toBe(jsonDigest({ b: 2, a: 1 }));
    expect(jsonDigest([1, 2])).not.toBe(jsonDigest([2, 1]));
  });

  it('of content depend on every byte, kind and order of its blocks', () => {
    const { bodies } = openWriter(temporaryFolder(), 'digests');
    const of = (...blocks: Content[]) => contentDigest(bodies.content(blocks));
    const a: Content = { type: 'text', text: 'a' };
    const b: Content = { type: 'text', text: 'b'.repeat(9000) };
    expect(of(a, b)).toBe(of({ ...a }, { ...b }));
    const others = [
      of(b, a),
      of(a),
      of(a, { type: 'other', json: b.text }),
      of(a, { ...b, text: `${b.text}b` }),
    ];
    expect(others).not.toContain(of(a, b));
    expect(contentDigest([b])).toBe(of(b));
  });
});
