import type { Generate, InstanceRandom } from 'proctor';
import { fileRight, fileWritten } from '../_generate/milestone.ts';
import { byText, linesOf } from '../_generate/order.ts';

const names = [
  'abel',
  'birgit',
  'chidi',
  'dora',
  'ezra',
  'freya',
  'goran',
  'hilde',
  'ines',
  'jun',
  'kofi',
  'lena',
  'milo',
  'nadia',
];
const units = { K: 1, M: 1024, G: 1_048_576 } as const;
const counts = { users: 12, over: 5, own: 5, unlimited: 1 };

/** Twelve users on three disks: five above their quota, one exactly at it, one without a limit. */
const generate: Generate = (_, random) => {
  const users = random.sample(names, counts.users);
  const [unlimited = '', exact = ''] = users;
  const fallback = random.int(5, 9) * 1024;
  const quotas: Record<string, number> = { [unlimited]: 0 };
  for (const user of random.sample(users.slice(2), counts.own)) quotas[user] = random.int(10, 30) * 512;
  const quotaOf = (user: string) => (quotas[user] ?? fallback) * 1024;
  const over = users.slice(2, 2 + counts.over);
  const usage = users.map((user) => {
    if (user === unlimited) return { user, used: random.int(20, 30) * units.G };
    if (user === exact) return { user, used: quotaOf(user) };
    const share = over.includes(user) ? random.int(105, 160) : random.int(40, 97);
    return { user, used: Math.floor((quotaOf(user) * share) / 100) };
  });
  const lines = random.shuffle(usage.flatMap(({ user, used }) => foldersOf(random, user, used)));
  const report = linesOf([
    'user,used_k,quota_k,over_k',
    ...usage
      .filter(({ user }) => over.includes(user))
      .map(({ user, used }) => ({ user, used, quota: quotaOf(user), over: used - quotaOf(user) }))
      .sort((a, b) => b.over - a.over || byText(a.user, b.user))
      .map((row) => Object.values(row).join(',')),
  ]);
  const total = `${usage.reduce((sum, { used }) => sum + used, 0)}\n`;
  return {
    files: {
      'environment/usage.tsv': linesOf(lines),
      'environment/quota.json': `${JSON.stringify({ default: fallback, users: quotas }, null, 2)}\n`,
      'tests/over.csv': report,
      'tests/total.txt': total,
    },
    proctor: {
      milestones: [
        fileWritten('report-written', 'over.csv'),
        fileRight('total-right', 'total.txt', total),
        fileRight('report-right', 'over.csv', report, 2),
      ],
    },
    covariates: { users: users.length, lines: lines.length, over: over.length },
  };
};
export default generate;

/** A user's kilobytes as sizes of four folders: two in G or M, and what is left in K. */
function foldersOf(random: InstanceRandom, user: string, used: number): string[] {
  const disks = random.shuffle(['srv1', 'srv2', 'srv3', 'srv1']);
  const gigas = Math.floor((used * random.int(30, 60)) / 100 / units.G);
  const left = used - gigas * units.G;
  const megas = Math.floor((left * random.int(30, 60)) / 100 / units.M);
  const rest = left - megas * units.M;
  const some = Math.floor((rest * random.int(20, 80)) / 100);
  return [`${gigas}G`, `${megas}M`, `${some}K`, `${rest - some}K`].map(
    (size, at) => `${user}\t${disks[at]}\t${size}`,
  );
}
