import type { Body } from '../schema/body.ts';

export type Encoding = Exclude<Body, string>['encoding'];

const loneSurrogate = /\p{Surrogate}/u;

/** The bytes a text is stored as: UTF-8, or UTF-16 where lone surrogates would be lost in it. */
export function encodeText(text: string): { bytes: Buffer; encoding: Encoding } {
  const encoding = loneSurrogate.test(text) ? 'utf16le' : 'utf8';
  return { bytes: Buffer.from(text, encoding), encoding };
}

/** The bytes behind a base64 text, or undefined where decoding and encoding it again would change it. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
