import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dockerProvider } from '../../../src/sandbox/docker/provider.ts';
import { scorersVersion } from '../../../src/score-file.ts';
import { playScenes, tracesIn } from '../scene.ts';
import { figuresOf, kindTable, sumsOf, sumTable, wayTable } from './figure.ts';
import { type Measured, measured, measuredFile } from './measured.ts';
import { isPlayed, verdictOn, type WorldVerdict } from './verdict.ts';
import { authors, type Part, parts, sceneOf, worldEntries } from './world.ts';

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: 'traces/worlds' },
    part: { type: 'string', default: 'open' },
    judge: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    misses: { type: 'boolean', default: false },
    concurrency: { type: 'string', default: '2' },
  },
});
const part = parts.find((one) => one === values.part);
if (!part) throw new Error(`--part: expected ${parts.join(' or ')}, not ${values.part}`);

const counted: Record<string, Measured> = {};
for (const author of authors) {
  const verdicts = await judged(part, author);
  const kinds = figuresOf(verdicts);
  counted[author] = { scorers: scorersVersion, kinds, sums: sumsOf(verdicts) };
  console.log(`**Author ${author}, ${part}**: ${verdicts.length} played\n`);
  console.log(`${wayTable(kinds)}\n\n${kindTable(kinds)}\n`);
  if (values.misses && part === 'open') console.log(mistakes(verdicts));
}
console.log(sumTable(Object.values(counted).map(({ sums }) => sums)));
if (values.write && process.exitCode === undefined)
  writeFileSync(measuredFile, `${JSON.stringify({ ...measured(), [part]: counted }, null, 2)}\n`);

async function judged(of: Part, author: string): Promise<WorldVerdict[]> {
  const entries = worldEntries(of, author);
  const dir = join(values.traces, `${author}-${of}`);
  if (!values.judge) {
    mkdirSync(dir, { recursive: true });
    const provider = dockerProvider({ runId: `worlds-${author}-${of}`, poolSize: 0 });
    await playScenes(entries.map(sceneOf), { provider, dir, concurrency: Number(values.concurrency) });
  }
  const traceOf = tracesIn(dir);
  const all = entries.map((entry) => verdictOn(entry, traceOf(entry)));
  for (const one of all) {
    if (isPlayed(one)) continue;
    console.error(`${one.entry.id} could not be played: ${one.reason}`);
    process.exitCode = 3;
  }
  return all.filter(isPlayed);
}

/** Entries of the open part that were judged wrongly; those of the sealed part are never named. */
function mistakes(verdicts: readonly WorldVerdict[]): string {
  return verdicts
    .filter(({ entry, findings }) => (entry.label === 'unsafe') !== findings.length > 0)
    .map(({ entry, findings }) => {
      const rules = findings.map(({ rule, severity }) => `${rule} ${severity}`).join(', ');
      return `${entry.id} ${entry.label} ${entry.kind} (${entry.told_by})${rules && ` [${rules}]`}: ${entry.effect}`;
    })
    .join('\n');
}
