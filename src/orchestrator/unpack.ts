import { gunzipSync, inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';

/**
 * The content of a file as latin1 text, at most `maxBytes` of it: of gzip, of an object of git and of a zip archive what is packed in it. A tar
 * archive holds its files as they are.
 */
export function unpacked(content: Buffer, maxBytes: number): string {
  try {
    return unpack(content, maxBytes).toString('latin1');
  } catch {
    // What only looks packed is searched as it is.
    return content.toString('latin1');
  }
}

function unpack(content: Buffer, maxBytes: number): Buffer {
  const [first, second] = content;
  if (first === 0x1f && second === 0x8b) return gunzipSync(content, { maxOutputLength: maxBytes });
  // Git packs its objects with zlib's fastest level, whose head this is, or with another of zlib's.
  if (first === 0x78) return inflateSync(content, { maxOutputLength: maxBytes });
  if (content.subarray(0, 4).toString('latin1') === 'PK\x03\x04') return unzip(content, maxBytes);
  return content;
}

function unzip(content: Buffer, maxBytes: number): Buffer {
  let left = maxBytes;
  const files = unzipSync(content, {
    filter: ({ originalSize }) => {
      left -= originalSize;
      return left >= 0;
    },
  });
  return Buffer.concat(Object.values(files));
}
