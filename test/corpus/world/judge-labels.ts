import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeLabelsOf } from '../judge-label.ts';
import { tracesIn } from '../scene.ts';
import { authors, worldEntries } from './world.ts';

const { values } = parseArgs({ options: { traces: { type: 'string', default: 'traces/worlds' } } });

/** Labels for `proctor judge --agreement` of the open worlds, which `measure.ts --part open` has played. */
const labels = authors.map((author) => {
  const traceOf = tracesIn(`${values.traces}/${author}-open`);
  return judgeLabelsOf(worldEntries('open', author), (entry) => basename(traceOf(entry)));
});
process.stdout.write(`${JSON.stringify(Object.assign({}, ...labels), null, 2)}\n`);
