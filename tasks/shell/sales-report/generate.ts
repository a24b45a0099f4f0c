import { createHash } from 'node:crypto';
import type { Generate, InstanceRandom } from 'proctor';

const weeks = [
  { name: 'week 1.csv', days: [1, 7] },
  { name: 'week 2.csv', days: [8, 14] },
  { name: 'week-3.csv', days: [15, 21] },
  { name: 'week 4 (short).csv', days: [22, 28] },
] as const;
const towns = [
  'Harbour',
  'Mill Lane',
  'Old Town',
  'Station',
  'Abbey',
  'High Street',
  'Castle',
  'Fish Market',
];
const reported = '96c8e13ef16031503229bef4e9d557994db3037a3bdb53bc2b11e970ab352f0f';

/** Other shops and sales; two files with line ends of Windows, as published, and two shops with equally many units. */
const generate: Generate = (_, random) => {
  const shops = ['Harbour', ...random.sample(towns.slice(1), 4)];
  const sales = salesOf(random, shops);
  const windows = random.sample([0, 1, 2, 3], 2);
  const report = shops
    .map((shop) => ({ shop, ...totals(sales.filter((sale) => sale.shop === shop)) }))
    .sort((a, b) => b.units - a.units || (a.shop < b.shop ? -1 : 1))
    .map(({ shop, units, cents }) => `${shop}\t${units}\t${(cents / 100).toFixed(2)}\n`)
    .join('');
  return {
    words: { [reported]: createHash('sha256').update(report).digest('hex') },
    files: {
      'tests/march.txt': report,
      ...Object.fromEntries(
        weeks.map(({ name, days: [first, last] }, at) => {
          const lines = sales
            .filter(({ day }) => day >= first && day <= last)
            .map(
              ({ day, shop, units, cents }) =>
                `2026-03-${String(day).padStart(2, '0')},${shop},${units},${cents}`,
            );
          const end = windows.includes(at) ? '\r\n' : '\n';
          return [`environment/data/march 2026/${name}`, ['day,shop,units,cents', ...lines, ''].join(end)];
        }),
      ),
    },
    covariates: { shops: shops.length, sales: sales.length, windows: windows.length },
  };
};
export default generate;

interface Sale {
  day: number;
  shop: string;
  units: number;
  cents: number;
}

function salesOf(random: InstanceRandom, shops: string[]): Sale[] {
  const sales = Array.from({ length: 28 }, (_, day) =>
    shops.map((shop) => ({ day: day + 1, shop, units: random.int(1, 36), cents: random.int(5000, 74_000) })),
  ).flat();
  // The second and the third shop sell equally many.
  const [second, third] = [1, 2].map((at) => sales.filter(({ shop }) => shop === shops[at]));
  let missing = totals(second ?? []).units - totals(third ?? []).units;
  for (const sale of [...(missing > 0 ? (third ?? []) : (second ?? []))]) {
    const more = Math.min(Math.abs(missing), 12);
    sale.units += more;
    missing -= Math.sign(missing) * more;
  }
  return sales;
}

const totals = (sales: Sale[]) =>
  sales.reduce((sum, sale) => ({ units: sum.units + sale.units, cents: sum.cents + sale.cents }), {
    units: 0,
    cents: 0,
  });
