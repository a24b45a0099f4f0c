import { strFromU8, unzipSync } from 'fflate';
import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import { type InspectLog, inspectLog, inspectSample } from './log.ts';

/** Reads an Inspect log, JSON or `.eval`, from its bytes. Throws `bad-file` naming `file`. */
export function readInspectLog(file: string, bytes: Uint8Array): InspectLog {
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const data = zipped ? fromZip(file, bytes) : parse(file, strFromU8(bytes));
  const result = inspectLog.safeParse(data);
  if (result.success) return result.data;
  throw new ProctorError('bad-file', `${file}: no Inspect log: ${z.prettifyError(result.error)}`);
}

function fromZip(file: string, bytes: Uint8Array): unknown {
  const entries = unzipped(file, bytes);
  const header = entries['header.json'] ?? entries['_journal/start.json'];
  if (!header) throw new ProctorError('bad-file', `${file}: no Inspect log: the zip has no header.json`);
  const samples = Object.entries(entries)
    .filter(([name]) => name.startsWith('samples/'))
    .map(([name, data]) => inspectSample.parse(parse(`${file}/${name}`, strFromU8(data))));
  return { status: 'started', ...(parse(file, strFromU8(header)) as object), samples };
}

function unzipped(file: string, bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch (cause) {
    throw new ProctorError(
      'bad-file',
      `${file}: its zip can't be read (zstd is not supported; convert it with: inspect log convert --to json)`,
      { cause },
    );
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProctorError('bad-file', `${file}: expected JSON`, { cause });
  }
}
