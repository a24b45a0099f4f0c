import type { Generate, InstanceRandom } from 'proctor';

const slow = [
  '/api/reports',
  '/api/invoices',
  '/api/statements',
  '/api/forecast',
  '/api/audit',
  '/api/ledger',
];
const timingOut = ['/api/orders', '/api/shipments', '/api/quotes', '/api/returns', '/api/bookings'];
const rare = ['/admin/export', '/admin/import', '/admin/reindex', '/admin/backup'];
const quick = ['/api/cart', '/api/login', '/api/suggest', '/api/search', '/api/wishlist', '/api/prices'];

interface Request {
  route: string;
  status: number;
  ms: number;
}

/** A gateway log in which another route is slow, and others look slow by their failures, by one outlier or by too few requests. */
const generate: Generate = (_, random) => {
  const [culprit, orders, seldom] = [random.pick(slow), random.pick(timingOut), random.pick(rare)];
  const [busy, login, suggest, search] = random.sample(quick, 4) as [string, string, string, string];
  const worst = random.int(700, 990);
  const requests = random.shuffle([
    ...requestsTo(random, culprit, random.int(58, 66), [worst * 0.38, worst]),
    ...failures(random, culprit, [404, 500], [300, 550]),
    ...requestsTo(random, orders, 102, [60, worst * 0.45]),
    ...failures(random, orders, Array<number>(22).fill(504), [30_001, 30_060]),
    ...failures(random, orders, [404, 404, 404, 500, 500], [90, 400]),
    ...requestsTo(random, seldom, 10, [4000, 8700]),
    ...failures(random, seldom, [404], [7000, 8000]),
    ...requestsTo(random, busy, 133, [20, 120]),
    ...requestsTo(random, login, 73, [30, 160]),
    ...failures(random, login, [401, 401, 401, 401, 401, 404], [40, 130]),
    ...requestsTo(random, suggest, 67, [15, 90]),
    ...requestsTo(random, search, 84, [40, 205]),
    { route: search, status: 200, ms: random.int(17_000, 20_000) },
    ...failures(random, search, [404, 404, 404, 500, 500], [50, 195]),
    ...requestsTo(random, '/healthz', 57, [1, 9]),
  ]);
  const { p95, count } = measured(requests, culprit);
  return {
    words: { '/api/reports': culprit, '/api/orders': orders, 842: String(p95), 62: String(count) },
    files: { 'environment/logs/gateway.jsonl': logOf(requests, random) },
    covariates: {
      requests: requests.length,
      routes: 8,
      ahead: { value: p95 / measured(requests, orders).p95, within: 0.35 },
    },
  };
};
export default generate;

function requestsTo(
  random: InstanceRandom,
  route: string,
  count: number,
  [least, most]: [number, number],
): Request[] {
  const times = [Math.round(least), Math.round(most)] as const;
  return Array.from({ length: count }, () => ({ route, status: 200, ms: random.int(...times) }));
}

function failures(
  random: InstanceRandom,
  route: string,
  statuses: number[],
  [least, most]: [number, number],
): Request[] {
  return statuses.map((status) => ({ route, status, ms: random.int(least, most) }));
}

/** The 95th percentile by nearest rank of the requests that succeeded. */
function measured(requests: Request[], route: string): { p95: number; count: number } {
  const times = requests
    .filter((one) => one.route === route && one.status === 200)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  return { p95: times[Math.ceil(times.length * 0.95) - 1] ?? 0, count: times.length };
}

function logOf(requests: Request[], random: InstanceRandom): string {
  const posted = new Set(random.sample(quick, 2));
  let t = 1_773_446_400_000 + random.int(-900, 900) * 1000;
  const lines = requests.map(({ route, status, ms }) => {
    t += random.int(300, 9000);
    const method = posted.has(route) ? 'POST' : 'GET';
    return JSON.stringify({ t, method, route, status, ms, client: `c-${random.int(100, 160)}` });
  });
  return `${lines.join('\n')}\n`;
}
