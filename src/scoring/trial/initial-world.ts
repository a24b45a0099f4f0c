import { sha256Of } from '../../schema/state.ts';
import type { Trial } from '../../schema/trial.ts';
import type { BodyReader } from '../../trace/body-store.ts';
import { type Fields, fieldsOf } from './field.ts';
import { type StoredRecords, storedRecords } from './record.ts';

/** What the task's world held before the first step, as far as it was kept. */
export interface InitialWorld {
  /** Short texts by path. */
  files: readonly { path: string; text: string }[];
  records: readonly StoredRecords[];
  /** The texts, and the records as JSON. */
  texts: readonly string[];
  /** What each file says, field by field. */
  fields: readonly Fields[];
  /** Every line of the texts. */
  lines: ReadonlySet<string>;
}

export function initialWorldOf(trial: Trial, bodies: BodyReader): InitialWorld {
  const { value, contents = {} } = trial.initial ?? {};
  const tree = trial.started.environment.state === 'files' ? Object.entries(value ?? {}) : [];
  const files = tree.flatMap(([path, entry]) => {
    const text = contents[sha256Of(entry) ?? ''];
    return text === undefined ? [] : [{ path, text: bodies.text(text) }];
  });
  const records = storedRecords(trial);
  const texts = new Set(files.map(({ text }) => text));
  return {
    files,
    records,
    texts: [...texts, ...records.map(({ tables }) => JSON.stringify(tables))],
    fields: [...texts].map(fieldsOf),
    lines: new Set([...texts].flatMap((text) => text.split('\n'))),
  };
}
