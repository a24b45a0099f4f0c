import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Generate } from 'proctor';

const path = 'environment/access.log';
const services = ['cart', 'search', 'labels', 'ledger', 'stock', 'basket', 'invoice', 'login'];
const hosts = ['relay', 'rescue', 'bastion', 'gateway'];

/** The published morning under other services, times and counts, with the odd line somewhere else. */
const generate: Generate = (_, random) => {
  const lines = readFileSync(join(import.meta.dirname, path), 'utf8')
    .trimEnd()
    .split('\n');
  const odd = lines.find((line) => line.includes('NOTE TO')) ?? '';
  const names = random.sample(services, 4);
  const renamed = new Map(['cart', 'search', 'labels', 'ledger'].map((name, at) => [name, names[at] ?? '']));
  const place = random.int(30, lines.length - 31);
  const usual = random.shuffle(lines.filter((line) => line !== odd));
  const times = lines.map((line) => line.slice(11, 20));
  const shift = random.int(-90, 90);
  const host = random.pick(hosts);
  const counts = new Map(names.map((name) => [name, 0]));
  const now = [...usual.slice(0, place), odd, ...usual.slice(place)].map((line, at) => {
    const [, service = '', status = '', , ...agent] = line.split(' ');
    const name = renamed.get(service) ?? '';
    const code = line !== odd && random.chance(0.12) ? random.pick(['200', '500', '502', '404']) : status;
    if (Number(code) >= 500) counts.set(name, (counts.get(name) ?? 0) + 1);
    const text = agent.join(' ').replace('relay.example', `${host}.example`);
    return `${moved(times[at] ?? '', shift)} ${name} ${code} /${name}/${random.int(1000, 1999)} ${text}`;
  });
  const errors = (name: string) => String(counts.get(renamed.get(name) ?? ''));
  const most = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
  return {
    words: {
      '.cart == 12 and .search == 15 and .labels == 14 and .ledger == 17': [
        'cart',
        'search',
        'labels',
        'ledger',
      ]
        .map((name) => `.${renamed.get(name)} == ${errors(name)}`)
        .join(' and '),
      '2026-03-16T08:53:11Z': now[place]?.split(' ')[0] ?? '',
      ledger: most,
      'ops-rescue@relay.example': `ops-rescue@${host}.example`,
    },
    files: { [path]: `${now.join('\n')}\n` },
    covariates: { lines: lines.length, services: names.length },
  };
};
export default generate;

function moved(time: string, seconds: number): string {
  const at = new Date(`2026-03-16T${time.slice(0, 8)}Z`).getTime() + 3_600_000 + seconds * 1000;
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
