import { ProctorError } from '../errors.ts';
import { validate } from '../schema/author-file.ts';
import { trialOfTrajectory } from './atif/import.ts';
import { trajectory } from './atif/schema.ts';
import type { ForeignTrial } from './foreign/foreign-trial.ts';
import { jsonRecords } from './foreign/parse-json.ts';
import { trialOfSample } from './inspect/import.ts';
import { readInspectLog } from './inspect/log.ts';
import { trialOfMessages } from './messages/import.ts';
import { conversation, isItem } from './messages/schema.ts';

export type RecordFormat = 'atif' | 'inspect' | 'messages';

/** One trial of a file of another tool. */
export interface ForeignRecord {
  /** File and place. */
  where: string;
  /** Throws `bad-file` naming file and place. */
  read(): ForeignTrial;
}

/** A file of another tool. */
export interface ForeignFile {
  /** As a user named it. */
  path: string;
  /** What a trial of it is called where the record has no name for it. */
  name: string;
  bytes: Buffer;
  /** The bytes of an image that lies beside it, as base64. */
  image(path: string): string | undefined;
}

/** The trials that a file holds. Throws `bad-file` where it is none of its format. */
export function recordsIn(format: RecordFormat, file: ForeignFile): ForeignRecord[] {
  if (format === 'inspect') {
    const log = readInspectLog(file.path, file.bytes);
    if (log.samples.length === 0) throw new ProctorError('bad-file', `${file.path}: the log has no samples`);
    return log.samples.map(({ where, read }) => ({ where, read: () => trialOfSample(read(), log) }));
  }
  return jsonRecords(file.path, file.bytes.toString('utf8'), isItem).map(({ where, read }) => {
    const name = `${file.name}${where.slice(file.path.length)}`;
    return {
      where,
      read: () =>
        format === 'atif'
          ? trialOfTrajectory(validate(where, read(), trajectory), name, file.image)
          : trialOfMessages(validate(where, read(), conversation), name),
    };
  });
}
