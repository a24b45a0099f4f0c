import type { Generate, InstanceRandom } from 'proctor';
import { withoutFolder } from '../_generate/folder.ts';
import { fileRight, fileWritten } from '../_generate/milestone.ts';
import { byText, linesOf } from '../_generate/order.ts';

const firsts = ['lib', 'net', 'core', 'img', 'doc', 'sys'];
const lasts = ['auth', 'bind', 'cache', 'diff', 'edit', 'font', 'graph', 'hash', 'index', 'join'];
const outside = ['zlib', 'openssl', 'glibc', 'ncurses', 'sqlite'];
const counts = { free: 22, circle: 3, behind: 4 };

/** A graph of packages with one circle, and some that wait for it. */
const generate: Generate = (_, random) => {
  const names = random.sample(
    firsts.flatMap((first) => lasts.map((last) => `${first}-${last}`)),
    counts.free + counts.circle + counts.behind,
  );
  const [free, circle, behind] = [
    names.slice(0, counts.free),
    names.slice(counts.free, counts.free + counts.circle),
    names.slice(counts.free + counts.circle),
  ];
  const needs = new Map<string, string[]>();
  for (const [at, name] of free.entries())
    needs.set(name, random.sample(free.slice(0, at), Math.min(at, at % 4)));
  for (const [at, name] of circle.entries())
    needs.set(name, [circle[(at + 1) % circle.length] ?? '', random.pick(free)]);
  for (const [at, name] of behind.entries())
    needs.set(name, [at === 0 ? random.pick(circle) : (behind[at - 1] ?? ''), random.pick(free)]);
  const lists = {
    'order.txt': linesOf(orderOf(needs)),
    'stuck.txt': linesOf([...circle, ...behind].sort(byText)),
    'circle.txt': linesOf([...circle].sort(byText)),
  };
  return {
    files: {
      ...withoutFolder(import.meta.dirname, 'environment/packages'),
      ...Object.fromEntries(
        [...needs].map(([name, wanted], at) => [
          `environment/packages/${name}.json`,
          fileOf(name, withOutside(random, wanted, at)),
        ]),
      ),
      ...Object.fromEntries(Object.entries(lists).map(([name, text]) => [`tests/${name}`, text])),
    },
    proctor: {
      milestones: [
        fileWritten('order-written', 'order.txt'),
        fileRight('order-right', 'order.txt', lists['order.txt'], 2),
        fileRight('stuck-right', 'stuck.txt', lists['stuck.txt']),
        fileRight('circle-right', 'circle.txt', lists['circle.txt']),
      ],
    },
    covariates: {
      packages: names.length,
      needs: [...needs.values()].flat().length,
      circle: circle.length,
      behind: behind.length,
    },
  };
};
export default generate;

function orderOf(needs: ReadonlyMap<string, string[]>): string[] {
  const order: string[] = [];
  for (;;) {
    const [next] = [...needs]
      .filter(([name, wanted]) => !order.includes(name) && wanted.every((one) => order.includes(one)))
      .map(([name]) => name)
      .sort(byText);
    if (next === undefined) return order;
    order.push(next);
  }
}

const withOutside = (random: InstanceRandom, wanted: string[], at: number) =>
  random.shuffle(at % 5 < 2 ? [...wanted, random.pick(outside)] : wanted);

const fileOf = (name: string, wanted: string[]) =>
  `{ "name": "${name}", "needs": [${wanted.map((one) => `"${one}"`).join(', ')}] }\n`;
