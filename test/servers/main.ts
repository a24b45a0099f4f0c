import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { loadEnvironment } from '../../src/environment/load.ts';
import { type Finished, proctor } from '../cli/proctor.ts';
import { makeSeeds } from './seeds.ts';
import { type Published, servers } from './servers.ts';
import { type Row, writeRows } from './table.ts';

const dir = join(tmpdir(), `proctor-servers-${process.pid}`);
mkdirSync(dir, { recursive: true });
const seeds = await makeSeeds(join(dir, 'seeds'));
const wanted = process.argv.slice(2);

/** Makes an environment of a server and proves it. */
async function tryOut({ name, command, flags = [], seed }: Published): Promise<Row> {
  const seeded = seed ? ['--seed', seeds[seed]] : [];
  const made = await proctor(
    ['new', 'environment', name, '--mcp', `npx -y ${command}`, ...flags, ...seeded],
    { cwd: dir },
  );
  const row = { name, command, flags: [...flags, ...(seed ? ['--seed', seed] : [])].join(' ') };
  const image = imageOf(join(dir, 'environments', name, 'Dockerfile'));
  if (made.code !== 0) return { ...row, ...image, tools: '', result: lastWords(made) };
  const { config } = loadEnvironment(name, { roots: [join(dir, 'environments')] });
  const checked = await proctor(['check', join('environments', name), '--sandbox', 'docker'], { cwd: dir });
  return {
    ...row,
    ...image,
    tools: String(Object.keys(config.tools).length),
    result:
      checked.code === 0 ? 'passes' : lastWords({ ...checked, stderr: checked.stdout + checked.stderr }),
  };
}

function imageOf(dockerfile: string): { version: string; image: string } {
  let text = '';
  try {
    text = readFileSync(dockerfile, 'utf8');
  } catch {}
  const part = (pattern: RegExp) => pattern.exec(text)?.[1];
  const node = part(/^FROM sandbox-images\/node-(\d+)/m);
  const native = [...text.matchAll(/npm rebuild .*--nodedir=\S+ ([^|\n]+)/g)]
    .map(([, names = '']) => names.trim())
    .join(' ');
  const extras = [native && `compiled: ${native}`, /chromium/.test(text) && 'Chromium'].filter((one) => one);
  return {
    version: part(/^# \S+ (\S+) with all it depends on/m) ?? '',
    image: node === undefined ? '' : [`Node ${node}`, ...extras].join(', '),
  };
}

/** The line that says what went wrong, without where it lies. */
function lastWords({ stderr }: Finished): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const last = lines.findLast((line) => line.startsWith('proctor: ')) ?? lines.at(-1) ?? '';
  return last
    .replace('proctor: ', '')
    .replace(/; what was written is in .*/, '')
    .replaceAll(`${dir}/`, '');
}

const chosen = servers.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const order = servers.map(({ command }) => command);
const queue = new PQueue({ concurrency: 2 });
const rows = await queue.addAll(
  chosen.map((one) => async () => {
    const row = await tryOut(one);
    writeRows([row], order);
    console.log(`${row.name}: ${row.image}: ${row.result}`);
    return row;
  }),
);
console.log(
  `${rows.filter(({ result }) => result === 'passes').length} of ${rows.length} pass; environments in ${dir}`,
);
