import type { Generate, InstanceRandom } from 'proctor';
import { withoutFolder } from '../_generate/folder.ts';
import { fileRight, fileWritten } from '../_generate/milestone.ts';

const goods = ['desk', 'chair', 'lamp', 'shelf', 'cable', 'monitor', 'stand', 'mat', 'hook', 'bin'];
const counts = { invoice: 18, credit: 4, draft: 3, wrong: 5 };

interface Line {
  article: string;
  quantity: number;
  unit_cents: number;
  discount: number;
}

/** Invoices, credit notes and drafts; five of those that count say something wrong, though their parts seem to add up. */
const generate: Generate = (_, random) => {
  const first = random.int(2000, 7000);
  const kinds = (['invoice', 'credit', 'draft'] as const).flatMap((kind) =>
    Array<typeof kind>(counts[kind]).fill(kind),
  );
  const invoices = random.shuffle(kinds).map((kind, at) => ({
    number: `R-${first + at}`,
    kind,
    tax_percent: random.pick([7, 19, 20]),
    ...rightSums(random),
  }));
  const counted = invoices.filter(({ kind }) => kind !== 'draft');
  const wrong = random.sample(counted, counts.wrong);
  const written = invoices.map(({ lines, net, tax_percent, ...head }) => {
    const tax = rounded(net * tax_percent);
    const says = net + tax;
    const isWrong = wrong.some(({ number }) => number === head.number);
    const off =
      isWrong || (head.kind === 'draft' && random.chance(0.5))
        ? random.pick([-1, 1, -1, 1]) * random.int(1, 99)
        : 0;
    return {
      should: says,
      off,
      file: { ...head, lines, tax_percent, net_cents: net + off, tax_cents: tax, total_cents: says + off },
    };
  });
  const found = Object.fromEntries(
    written
      .filter(({ off, file }) => off !== 0 && file.kind !== 'draft')
      .map(({ off, file }) => [file.number, off]),
  );
  const sign = { invoice: 1, credit: -1, draft: 0 };
  const sum = `${written.reduce((total, { should, file }) => total + sign[file.kind] * should, 0)}\n`;
  return {
    files: {
      ...withoutFolder(import.meta.dirname, 'environment/invoices'),
      ...Object.fromEntries(
        written.map(({ file }) => [
          `environment/invoices/${file.number}.json`,
          `${JSON.stringify(file, null, 2)}\n`,
        ]),
      ),
      'tests/wrong.json': `${JSON.stringify(found, null, 2)}\n`,
      'tests/sum.txt': sum,
    },
    proctor: {
      milestones: [
        fileWritten('something-found', 'wrong.json'),
        {
          name: 'all-found',
          weight: 2,
          command: `jq -se --argjson right '${JSON.stringify(found)}' '.[0] | . == $right' wrong.json`,
        },
        fileRight('sum-right', 'sum.txt', sum),
      ],
    },
    covariates: { invoices: invoices.length, wrong: wrong.length },
  };
};
export default generate;

function rightSums(random: InstanceRandom): { lines: Line[]; net: number } {
  const lines = random.sample(goods, 3).map((article) => ({
    article,
    quantity: random.int(1, 12),
    unit_cents: random.int(199, 24_999),
    discount: random.pick([0, 0, 5, 10, 12, 15]),
  }));
  const net = lines.reduce(
    (sum, { quantity, unit_cents, discount }) => sum + rounded(quantity * unit_cents * (100 - discount)),
    0,
  );
  return { lines, net };
}

/** Hundredths of cents in whole cents, half a cent upwards. */
const rounded = (hundredths: number) => Math.floor((hundredths + 50) / 100);
