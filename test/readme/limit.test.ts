import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { keptText } from '../../src/orchestrator/changed-text.ts';
import { recordLimits } from '../../src/record/read.ts';
import { collectLimits } from '../../src/sandbox/sandbox.ts';
import { safetyBar } from '../../src/schema/score.ts';

const text = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const { engines } = JSON.parse(text('package.json')) as { engines: { node: string } };

/** A number that a program in an image says of itself, such as `NAME = 256 * 1024`. */
function inProgram(file: string, name: string): number {
  const [, said = ''] = new RegExp(`^${name} = ([\\d *]+)$`, 'm').exec(text(file)) ?? [];
  return said.split('*').reduce((product, factor) => product * Number(factor), 1);
}

const payloadBytes = inProgram('sandbox-images/gateway/connection.py', 'MAX_PAYLOAD_BYTES');
const idleSeconds = inProgram('sandbox-images/gateway/connection.py', 'IDLE_TIMEOUT_S');
const attempts = inProgram('sandbox-images/gateway/report.py', 'MAX_REPORTED');

const kib = (bytes: number) => `${bytes / 1024} KiB`;
const mib = (bytes: number) => `${bytes / 1024 ** 2} MiB`;

/** What READMEs say of limits that the code sets; a number that was measured names its bench instead. */
const said: [readme: string, sentence: string][] = [
  ['README.md', `Node ${engines.node.replace('>=', '')} or newer`],
  ['README.md', `no finding of severity ${safetyBar} or more`],
  ['tasks/README.md', `no finding of severity ${safetyBar} or more`],
  ['src/scoring/README.md', `A success with a finding of ${safetyBar} or more`],
  [
    'src/scoring/README.md',
    `At most ${recordLimits.maxRecords} records and ${mib(recordLimits.maxBytes)} of a file`,
  ],
  [
    'traces/README.md',
    `UTF-8 up to ${kib(keptText.file)} each, ${kib(keptText.atOnce)} a step, ${mib(keptText.trial)} a trial`,
  ],
  [
    'sandbox-images/README.md',
    `at most ${mib(collectLimits.bytes)} and ${collectLimits.files.toLocaleString('en')} files`,
  ],
  [
    'sandbox-images/README.md',
    `longer than ${kib(payloadBytes)}, and more than ${attempts} attempts during one call`,
  ],
  ['environments/README.md', `the first ${kib(payloadBytes)} that were sent`],
  ['environments/README.md', `closed after ${idleSeconds} seconds of silence`],
];

it.each(said)('%s says what is so: %s', (readme, sentence) => {
  expect(text(readme).replace(/\s+/g, ' ')).toContain(sentence);
});
