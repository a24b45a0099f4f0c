import { gunzipSync, inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { extract } from 'tar-stream';
import { decompressed } from './decompress.ts';

interface Members {
  contents: Buffer[];
  /** Whether these are all; false where something is packed in a way that is not known, or is too much. */
  whole: boolean;
}

export interface Unpacked extends Members {
  /** Of the file and its contents those in which nothing is packed. */
  leaves: Buffer[];
}

/** What is packed in a file, and in what is packed in it, up to `maxBytes`: by gzip, bzip2, xz and Zstandard, as an object of git, and in tar and zip archives. */
export async function unpacked(content: Buffer, maxBytes: number): Promise<Unpacked> {
  const found: Buffer[] = [content];
  const leaves: Buffer[] = [];
  let whole = true;
  let left = maxBytes;
  for (const packed of found) {
    const members = await membersOf(packed, left);
    whole &&= members.whole;
    left -= members.contents.reduce((sum, { length }) => sum + length, 0);
    found.push(...members.contents);
    if (members.contents.length === 0) leaves.push(packed);
  }
  return { contents: found.slice(1), leaves, whole };
}

/** Heads of 7z and RAR. */
const unknown = /^(7z\xbc\xaf'|Rar!)/;

async function membersOf(content: Buffer, maxBytes: number): Promise<Members> {
  const head = content.toString('latin1', 0, 6);
  try {
    if (head.startsWith('\x1f\x8b')) return all(gunzipSync(content, { maxOutputLength: maxBytes }));
    if (head.startsWith('PK\x03\x04')) return unzip(content, maxBytes);
    if (content.toString('latin1', 257, 262) === 'ustar') return await untar(content, maxBytes);
    const held = await decompressed(content, maxBytes);
    if (held) return all(held);
  } catch {
    return { contents: [], whole: false };
  }
  return inflated(content, maxBytes) ?? { contents: [], whole: !unknown.test(head) };
}

const all = (...contents: Buffer[]): Members => ({ contents, whole: true });

/** Git packs its objects with zlib, whose head may begin a text too. */
function inflated(content: Buffer, maxBytes: number): Members | undefined {
  if (content[0] !== 0x78) return undefined;
  try {
    return all(inflateSync(content, { maxOutputLength: maxBytes }));
  } catch {
    return undefined;
  }
}

/** Bit of a zip's flags, and where they stand. */
const encrypted = { bit: 1, at: 6 } as const;

function unzip(content: Buffer, maxBytes: number): Members {
  if ((content[encrypted.at] ?? 0) & encrypted.bit) return { contents: [], whole: false };
  let left = maxBytes;
  const files = unzipSync(content, {
    filter: ({ originalSize }) => {
      left -= originalSize;
      return left >= 0;
    },
  });
  const contents = Object.values(files).map((bytes) => Buffer.from(bytes));
  return { contents, whole: left >= 0 };
}

async function untar(content: Buffer, maxBytes: number): Promise<Members> {
  const contents: Buffer[] = [];
  let left = maxBytes;
  let whole = true;
  const entries = extract();
  entries.end(content);
  for await (const entry of entries) {
    const { type = 'file', size = 0 } = entry.header;
    left -= size;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) if (left >= 0) chunks.push(chunk as Buffer);
    if (left >= 0 && /^(contiguous-)?file$/.test(type)) contents.push(Buffer.concat(chunks));
    whole &&= left >= 0 && /file|link|directory/.test(type);
  }
  return { contents, whole };
}
