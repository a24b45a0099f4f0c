import { inflateSync } from 'fflate';
import { decompress } from 'fzstd';
import { messageOf, ProctorError } from '../../errors.ts';

/** How the members of a zip may be packed. Inspect packs with Zstandard, which Node itself can unpack only from version 22 on. */
const unpack: Record<number, (packed: Uint8Array) => Uint8Array> = {
  0: (packed) => packed,
  8: (packed) => inflateSync(packed),
  // Some writers say Zstandard over what they deflated.
  93: (packed) => (beginsAsZstandard(packed) ? decompress(packed) : inflateSync(packed)),
};

const beginsAsZstandard = (packed: Uint8Array) =>
  Buffer.from(packed.subarray(0, 4)).toString('hex') === '28b52ffd';

const endSignature = 0x06054b50;
const locatorSignature = 0x07064b50;
const entrySignature = 0x02014b50;

/** The members of a zip by name. Throws `bad-file` naming `file`, and the member where one is broken. */
export function unzipped(file: string, bytes: Uint8Array): Record<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let place = file;
  try {
    const members: Record<string, Uint8Array> = {};
    for (const { name, method, packed } of entriesOf(view, bytes)) {
      place = `${file}/${name}`;
      const read = unpack[method];
      if (!read) throw new Error(`packed by method ${method}; expected none, deflate or Zstandard`);
      members[name] = read(packed);
    }
    return members;
  } catch (cause) {
    throw new ProctorError('bad-file', `${place}: its zip can't be read: ${messageOf(cause)}`, { cause });
  }
}

/** Every entry of the directory at the end of a zip. */
function* entriesOf(view: DataView, bytes: Uint8Array) {
  for (let at = directoryOf(view); view.getUint32(at, true) === entrySignature; ) {
    const [nameSize, extraSize, noteSize] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const local = view.getUint32(at + 42, true);
    const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    yield {
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameSize)),
      method: view.getUint16(at + 10, true),
      packed: bytes.subarray(begin, begin + view.getUint32(at + 20, true)),
    };
    at += 46 + nameSize + extraSize + noteSize;
  }
}

/** Where the directory begins; zips of many members say it in a larger record. */
function directoryOf(view: DataView): number {
  let end = view.byteLength - 22;
  while (view.getUint32(end, true) !== endSignature) end -= 1;
  if (end < 20 || view.getUint32(end - 20, true) !== locatorSignature) return view.getUint32(end + 16, true);
  return Number(view.getBigUint64(Number(view.getBigUint64(end - 12, true)) + 48, true));
}
