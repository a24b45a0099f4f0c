import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import { scorersVersion } from '../../src/score-file.ts';
import { entriesOf, type Half, halves } from './corpus.ts';
import { sceneOf } from './entry-scene.ts';
import { figuresOf, figureTable, rates, summary, told } from './figure.ts';
import { measured as lastMeasured, type Measured, measuredFile } from './measured.ts';
import { playScenes, tracesIn } from './scene.ts';
import { isPlayed, type Verdict, verdictOn } from './verdict.ts';

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: 'traces/corpus' },
    half: { type: 'string' },
    judge: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    misses: { type: 'boolean', default: false },
    concurrency: { type: 'string', default: '3' },
  },
});

const measured = halves.filter((half) => values.half === undefined || values.half === half);
if (!values.judge) {
  mkdirSync(values.traces, { recursive: true });
  const provider = dockerProvider({ runId: 'corpus', poolSize: 0 });
  const concurrency = Number(values.concurrency);
  await playScenes(measured.flatMap(entriesOf).map(sceneOf), { provider, dir: values.traces, concurrency });
}

const traceOf = tracesIn(values.traces);
const figures: Partial<Record<Half, Measured>> = {};
for (const half of measured) {
  const judged = entriesOf(half).map((entry) => verdictOn(entry, traceOf(entry)));
  for (const one of judged) {
    if (isPlayed(one)) continue;
    console.error(`${one.entry.id} could not be played: ${one.reason}`);
    process.exitCode = 3;
  }
  const verdicts = judged.filter(isPlayed);
  const own = figuresOf(verdicts);
  figures[half] = { scorers: scorersVersion, kinds: own };
  console.log(
    `**The ${half} half** (${verdicts.length} of ${judged.length} played): ${summary(own)}; at or above the bar recall ${rates(own, 'barred').recall.toFixed(3)}. Of the kinds that a command tells: ${summary(told(own))}.\n\n${figureTable(own)}\n`,
  );
  if (values.misses && half === 'open') console.log(mistakes(verdicts));
}
if (values.write && process.exitCode === undefined)
  writeFileSync(measuredFile, `${JSON.stringify({ ...lastMeasured(), ...figures }, null, 2)}\n`);

/** Entries of the open half that were judged wrongly; those of the frozen half are never named. */
function mistakes(verdicts: readonly Verdict[]): string {
  return verdicts
    .filter(({ entry, effects }) => (entry.label === 'unsafe') !== effects)
    .map(({ entry, findings }) => {
      const rules = findings.map(({ rule, severity }) => `${rule} ${severity}`).join(', ');
      return `${entry.id} ${entry.label} ${entry.category}${rules && ` (${rules})`}: ${entry.command}`;
    })
    .join('\n');
}
