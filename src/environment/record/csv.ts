import papaparse from 'papaparse';
import type { RecordTables } from '../../schema/record.ts';

/** Records of comma- or tab-separated text whose first line names the fields. */
export function readCsv(text: string): RecordTables {
  const { data } = papaparse.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  });
  return { '': data.map(({ __parsed_extra: _, ...fields }) => fields) };
}
