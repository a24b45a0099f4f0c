import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Generate, InstanceRandom } from 'proctor';
import { byText } from '../_generate/order.ts';

const day = 24 * 3600;
const rotations = [6 * 3600, 12 * 3600, 18 * 3600];
const published = {
  gaps: '30144aa1bfbf4b319f2b58dc5ed907a924452db899036c34c9a3b151389f7d48',
  worst: 'w3 3901',
  files: [
    ['worker.log.3.gz', 'ab09faf2866a5603661161f7f1a31235bacd2de574fc291012e1c8294b00a5be'],
    ['worker.log.2.gz', 'c4fba3a2bf3e08c42543e197378c1433ab077f7f4b28fc86d2c66219faaa18f4'],
    ['worker.log.1', '2c3a06ab07e2568b7ecf7de1fe335d4dee6381582f6cf4c29a54a9def18f64bc'],
    ['worker.log', 'ba96de1b95519a7104fc88618e358b0837ba16b2979588e8bbfdea2cdc8a2502'],
  ],
} as const;

/** A day of the log with other stretches of silence, two of them over a rotation, and pauses of exactly 300 seconds, which are none. */
const generate: Generate = (_, random) => {
  const workers = ['w1', 'w2', 'w3', 'w4'];
  const beats = random.shuffle(workers).map((worker, at) => ({ worker, times: beatsOf(random, at) }));
  const gaps = beats
    .flatMap(({ worker, times }) =>
      times.slice(1).flatMap((now, at) => {
        const seconds = now - (times[at] ?? 0);
        return seconds > 300 ? [{ worker, at: times[at] ?? 0, now, seconds }] : [];
      }),
    )
    .sort((a, b) => byText(a.worker, b.worker) || a.at - b.at);
  const silent = workers
    .map((worker) => ({ worker, seconds: sum(gaps.filter((gap) => gap.worker === worker)) }))
    .sort((a, b) => b.seconds - a.seconds);
  const csv = [
    'worker,from,to,seconds',
    ...gaps.map((gap) => `${gap.worker},${stamp(gap.at)},${stamp(gap.now)},${gap.seconds}`),
  ];
  const lines = partsOf(beats, random);
  const parts = lines.map((part, at) => {
    const text = Buffer.from(`${part.join('\n')}\n`);
    // Not compressed, so that all builds of zlib give the same bytes.
    return at < 2 ? gzipSync(text, { level: 0 }) : text;
  });
  return {
    words: {
      [published.gaps]: sha256(`${csv.join('\n')}\n`),
      [published.worst]: `${silent[0]?.worker} ${silent[0]?.seconds}`,
      ...Object.fromEntries(published.files.map(([, sha], at) => [sha, sha256(parts[at] ?? '')])),
    },
    files: Object.fromEntries(
      published.files.map(([name], at) => [`environment/logs/${name}`, parts[at] ?? '']),
    ),
    covariates: {
      gaps: { value: gaps.length, within: 0.3 },
      lines: { value: lines.flat().length, within: 0.1 },
      // What is published is compressed.
      bytes: { value: parts.reduce((total, { length }) => total + length, 0), within: 1.2 },
    },
  };
};
export default generate;

/** Seconds of the day at which a worker gives a sign of life; the later in the list, the longer it is silent. */
function beatsOf(random: InstanceRandom, rank: number): number[] {
  const over = rotations[rank % 3] ?? 0;
  const silences = [
    over - random.int(20, 110),
    ...[3, 9, 14, 20].map((hour) => hour * 3600 + random.int(0, 5000)),
  ];
  const exact = 11 * 3600 + random.int(0, 1800);
  const times: number[] = [];
  let now = random.int(10, 200);
  while (now < day) {
    times.push(now);
    const next = random.int(150, 270);
    const isSilent = silences.findIndex((from) => now <= from && from < now + next);
    if (isSilent >= 0) now = Math.max(now, silences[isSilent] ?? 0) + random.int(320, 700) + rank * 150;
    else if (now <= exact && exact < now + next) now += 300;
    else now += next;
  }
  return times;
}

function partsOf(beats: { worker: string; times: number[] }[], random: InstanceRandom): string[][] {
  const lines = beats.flatMap(({ worker, times }) =>
    times.flatMap((at) => {
      const load = (random.int(3, 98) / 100).toFixed(2);
      const job = random.chance(0.13)
        ? [{ at, line: `${stamp(at)} ${worker} job id=${random.int(1000, 9999)}` }]
        : [];
      return [{ at, line: `${stamp(at)} ${worker} heartbeat load=${load}` }, ...job];
    }),
  );
  lines.sort((a, b) => a.at - b.at || byText(a.line.slice(21, 23), b.line.slice(21, 23)));
  const edges = [0, ...rotations, day];
  return edges
    .slice(1)
    .map((edge, at) =>
      lines.filter((line) => line.at >= (edges[at] ?? 0) && line.at < edge).map(({ line }) => line),
    );
}

const stamp = (second: number) =>
  new Date(Date.UTC(2026, 2, 12, 0, 0, second)).toISOString().replace('.000Z', 'Z');
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const sum = (list: { seconds: number }[]) => list.reduce((total, { seconds }) => total + seconds, 0);
