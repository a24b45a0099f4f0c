import type { Generate, InstanceRandom } from 'proctor';
import { withoutFolder } from '../_generate/folder.ts';
import { fileRight, fileWritten } from '../_generate/milestone.ts';
import { byText, linesOf } from '../_generate/order.ts';

const sections: Record<string, Record<string, readonly string[]>> = {
  server: { port: ['8080', '8443', '9090'], workers: ['4', '8', '16'], timeout: ['20', '30', '60'] },
  tls: { min_version: ['1.2', '1.3'], ciphers: ['strong', 'modern', 'legacy'], renew: ['daily', 'weekly'] },
  log: { level: ['info', 'warn', 'debug'], keep_days: ['7', '14', '30'], format: ['json', 'text'] },
  backup: { hour: ['1', '2', '3'], target: ['vault-a', 'vault-b'], encrypt: ['yes', 'no'] },
};
const rooms = ['ams', 'ber', 'cph', 'dub', 'hel', 'lis', 'osl', 'vie'];
const counts = { hosts: 5, other: 9, lacking: 3, allowed: 3, late: 2 };

interface Drift {
  host: string;
  section: string;
  key: string;
  expected: string;
  actual: string;
}

/** Five hosts: twelve keys differ, three of them allowed today and two whose exception has run out. */
const generate: Generate = (_, random) => {
  const keys = Object.entries(sections).flatMap(([section, own]) =>
    Object.entries(own).map(([key, values]) => ({ section, key, values, expected: random.pick(values) })),
  );
  const hosts = random.sample(rooms, counts.hosts).map((room) => `${room}-${random.int(1, 9)}`);
  const places = random.sample(
    hosts.flatMap((host) => keys.map((key) => ({ host, ...key }))),
    counts.other + counts.lacking,
  );
  const drifts: Drift[] = places.map(({ host, section, key, values, expected }, at) => {
    const actual = at < counts.lacking ? '' : random.pick(values.filter((value) => value !== expected));
    return { host, section, key, expected, actual };
  });
  const excepted = random.sample(drifts, counts.allowed + counts.late);
  const allowed = excepted.slice(0, counts.allowed);
  const exceptions = excepted.map(({ host, section, key }, at) => {
    const until =
      at === 0 ? '2026-03-16' : at < counts.allowed ? day(random.int(17, 90)) : day(-random.int(1, 60));
    return `${host},${section},${key},${until}`;
  });
  const list = linesOf([
    'host,section,key,expected,actual',
    ...drifts
      .filter((drift) => !allowed.includes(drift))
      .map(({ host, section, key, expected, actual }) => [host, section, key, expected, actual].join(','))
      .sort(byText),
  ]);
  const baseline = keys.map(({ section, key, expected }) => ({ section, key, value: expected }));
  return {
    files: {
      ...withoutFolder(import.meta.dirname, 'environment/hosts'),
      'environment/baseline.ini': iniOf(random, baseline, false),
      'environment/exceptions.csv': linesOf(['host,section,key,until', ...random.shuffle(exceptions)]),
      ...Object.fromEntries(
        hosts.map((host) => [
          `environment/hosts/${host}.ini`,
          iniOf(
            random,
            settingsOf(
              baseline,
              drifts.filter((drift) => drift.host === host),
            ),
            true,
          ),
        ]),
      ),
      'tests/drift.csv': list,
    },
    proctor: {
      milestones: [
        fileWritten('list-written', 'drift.csv'),
        { name: 'head-right', command: 'test "$(head -n 1 drift.csv)" = host,section,key,expected,actual' },
        fileRight('list-right', 'drift.csv', list, 2),
      ],
    },
    covariates: { hosts: hosts.length, drifts: drifts.length, exceptions: exceptions.length },
  };
};
export default generate;

type Setting = { section: string; key: string; value: string };

function settingsOf(baseline: readonly Setting[], drifts: readonly Drift[]): Setting[] {
  return baseline.flatMap((setting) => {
    const drift = drifts.find(({ section, key }) => section === setting.section && key === setting.key);
    if (drift === undefined) return [setting];
    return drift.actual === '' ? [] : [{ ...setting, value: drift.actual }];
  });
}

/** As people write it: blanks, comments, and where it is untidy a value that is overridden further down. */
function iniOf(random: InstanceRandom, settings: readonly Setting[], untidy: boolean): string {
  return Object.keys(sections)
    .map((section) => {
      const lines = settings
        .filter((setting) => setting.section === section)
        .flatMap(({ key, value }) => {
          const line = untidy ? `${key}${random.pick(['=', ' = ', '= '])}${value}` : `${key} = ${value}`;
          if (!untidy || !random.chance(0.15)) return [line];
          return random.chance(0.5) ? [`; ${key} = ${value}0`, line] : [`${key} = ${value}0`, line];
        });
      return linesOf([`[${section}]`, ...lines]);
    })
    .join('\n');
}

const day = (after: number) => new Date(Date.UTC(2026, 2, 16 + after)).toISOString().slice(0, 10);
