import { clustersOf } from './cluster.ts';
import type { Bounds } from './confidence.ts';
import { studentTails } from './distribution.ts';
import { fisher } from './fisher.ts';
import { type Interval, wilson } from './interval.ts';
import { mean } from './mean.ts';
import { signFlip } from './sign-flip.ts';

/** A trial of which something is so or not, and which is in a group or not. */
export interface Marked {
  marked: boolean;
  inGroup: boolean;
  /** What shares it is no independent try: its task. */
  cluster: string;
  /** Compared only with what has the same: its agent. */
  stratum: string;
}

interface GroupShare {
  count: number;
  of: number;
  share: number;
  interval: Interval;
  /** Independent tries that would tell the share as surely. */
  worth: number;
}

/** How much more often something is so inside of a group than outside, and the p that it is as often. */
export interface Association extends Bounds {
  inside: GroupShare;
  outside: GroupShare;
  difference: number;
  p: number;
  /** Clusters. */
  units: number;
}

/**
 * Compares P(marked | in the group) with P(marked | outside). Each has Wilson's interval over as many tries as its trials are worth
 * where those of one cluster are alike, and the difference Newcombe's of these. p flips the signs of the clusters'
 * shares in the covariance of the two within strata: exactly up to 20 clusters, else by Student's t. Of rare things signs say
 * more than there is, so p is never less than Fisher's of as many independent tries. Undefined where a group is empty.
 */
export function associationOf(trials: readonly Marked[]): Association | undefined {
  const inside = shareOf(trials.filter(({ inGroup }) => inGroup));
  const outside = shareOf(trials.filter(({ inGroup }) => !inGroup));
  if (!inside || !outside) return undefined;
  const difference = inside.share - outside.share;
  const [i, o] = [inside.interval, outside.interval];
  const scores = scoresOf(trials);
  return {
    inside,
    outside,
    difference,
    low: difference - Math.hypot(inside.share - i.low, o.high - outside.share),
    high: difference + Math.hypot(i.high - inside.share, outside.share - o.low),
    p: Math.max(signFlip(scores) ?? byStudent(scores), fisher(triesOf(inside), triesOf(outside))),
    units: scores.length,
  };
}

function shareOf(trials: readonly Marked[]): GroupShare | undefined {
  const of = trials.length;
  if (of === 0) return undefined;
  const count = trials.filter(({ marked }) => marked).length;
  const worth = effectiveSize(trials, count / of);
  return { count, of, share: count / of, interval: wilson((count / of) * worth, worth), worth };
}

function triesOf({ share, worth }: GroupShare): { passed: number; n: number } {
  const n = Math.max(1, Math.ceil(worth - 1e-9));
  return { passed: Math.round(share * n), n };
}

/** As many independent tries as would tell a share as surely; as many as clusters where all are the same. */
function effectiveSize(trials: readonly Marked[], share: number): number {
  const clusters = clustersOf(trials, ({ cluster }) => cluster);
  const [n, c] = [trials.length, clusters.length];
  if (share === 0 || share === 1 || c < 2) return c;
  const residues = clusters.map((own) => own.reduce((sum, { marked }) => sum + Number(marked) - share, 0));
  const clustered = (residues.reduce((sum, residue) => sum + residue ** 2, 0) * c) / (c - 1);
  const independent = (share * (1 - share) * n * n) / (n - 1);
  return clustered > 0 ? Math.min(n, (n * independent) / clustered) : n;
}

/** Each cluster's part of the covariance of mark and group, within strata. */
function scoresOf(trials: readonly Marked[]): number[] {
  const strata = new Map<string, { marked: number; inGroup: number }>();
  for (const own of clustersOf(trials, ({ stratum }) => stratum))
    strata.set(own[0]?.stratum ?? '', {
      marked: mean(own.map(({ marked }) => Number(marked))),
      inGroup: mean(own.map(({ inGroup }) => Number(inGroup))),
    });
  return clustersOf(trials, ({ cluster }) => cluster).map((own) =>
    own.reduce((sum, { marked, inGroup, stratum }) => {
      const usual = strata.get(stratum) ?? { marked: 0, inGroup: 0 };
      return sum + (Number(marked) - usual.marked) * (Number(inGroup) - usual.inGroup);
    }, 0),
  );
}

function byStudent(scores: readonly number[]): number {
  const size = Math.sqrt(scores.reduce((sum, score) => sum + score ** 2, 0));
  const total = scores.reduce((sum, score) => sum + score, 0);
  return size === 0 ? 1 : studentTails(total / size, scores.length - 1);
}
