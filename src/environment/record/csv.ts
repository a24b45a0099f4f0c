import papaparse from 'papaparse';
import type { RecordTables } from '../../schema/record.ts';

/** Records of comma- or tab-separated text whose first line names the fields; of fields of one name the last counts. */
export function readCsv(text: string): RecordTables {
  const { data } = papaparse.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: true });
  const [names = [], ...rows] = data;
  return { '': rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? '']))) };
}
