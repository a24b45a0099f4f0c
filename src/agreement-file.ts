import { join } from 'node:path';
import { z } from 'zod';
import { readAuthorFileIfPresent } from './schema/author-file.ts';
import { type Agreements, agreements } from './scoring/agreement.ts';
import { writeWhole } from './trace/disk.ts';

const agreementFile = 'judge-agreement.json';

const kept = z.record(z.string(), agreements);

/** Which judge it was: the same model under another prompt is another one. */
const keyOf = ({ model, prompt }: { model: string; prompt: string }) => `${model} ${prompt}`;

/** How far a judge was last found to agree with labels, as kept in a folder of runs; undefined where that was never measured. */
export function readAgreement(
  tracesDir: string,
  judge: { model: string; prompt: string },
): Agreements | undefined {
  return readAuthorFileIfPresent(join(tracesDir, agreementFile), kept)?.[keyOf(judge)];
}

/** Keeps how far a judge agrees with labels, for every run of the folder that it judges. */
export function keepAgreement(
  tracesDir: string,
  judge: { model: string; prompt: string },
  measured: Agreements,
): void {
  const file = join(tracesDir, agreementFile);
  const all = { ...readAuthorFileIfPresent(file, kept), [keyOf(judge)]: measured };
  writeWhole(file, Buffer.from(`${JSON.stringify(all, null, 2)}\n`), { sync: false });
}
