import { describe, expect, it } from 'vitest';
import { groupBy } from '../../src/scoring/trial/group.ts';
import { type Answered, abilityOf } from '../../src/statistic/ability.ts';
import { bootstrapMean } from '../../src/statistic/bootstrap.ts';
import { mixingVariance, mixtureRatio, straying } from '../../src/statistic/confidence-sequence.ts';
import { cusum, cusumLimit } from '../../src/statistic/cusum.ts';
import { incompleteBeta, normalQuantile, studentQuantile } from '../../src/statistic/distribution.ts';
import { jensenShannon } from '../../src/statistic/divergence.ts';
import { evidenceOf } from '../../src/statistic/e-value.ts';
import { rerunsNeeded, seenFlaky } from '../../src/statistic/flake.ts';
import { meanInterval, wilson, zeroOfN } from '../../src/statistic/interval.ts';
import {
  information,
  informationPerCost,
  passProbability,
  trialsForError,
} from '../../src/statistic/item-response.ts';
import { correctedShare, labelledShare } from '../../src/statistic/judged-share.ts';
import { cohenKappa } from '../../src/statistic/kappa.ts';
import { krippendorffAlpha } from '../../src/statistic/krippendorff.ts';
import { mcNemar, mcNemarMid } from '../../src/statistic/mc-nemar.ts';
import { mean, total, variance } from '../../src/statistic/mean.ts';
import { benjaminiHochberg, holm } from '../../src/statistic/multiple.ts';
import { correlation, newcombe, newcombePaired } from '../../src/statistic/newcombe.ts';
import { pIrt } from '../../src/statistic/p-irt.ts';
import { bestAtK, passAtK, passHatK, worstAtK } from '../../src/statistic/pass-at-k.ts';
import { smallestDifference, tasksNeededMcNemar } from '../../src/statistic/power.ts';
import { fitRasch } from '../../src/statistic/rasch.ts';
import { lengthened } from '../../src/statistic/reliability.ts';
import { saturation } from '../../src/statistic/saturation.ts';
import { signFlip } from '../../src/statistic/sign-flip.ts';
import { spreadAt } from '../../src/statistic/spread.ts';
import { clusteredStudent, student } from '../../src/statistic/student.ts';
import { pairedSuperiority } from '../../src/statistic/superiority.ts';
import golden from './golden.json' with { type: 'json' };

/** Numbers that agree to ten digits after the point, in whatever they are in. */
function agree(actual: unknown, expected: unknown): void {
  if (typeof expected === 'number') expect(actual).toBeCloseTo(expected, 10);
  else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual ?? {})).toEqual(Object.keys(expected));
    const parts = new Map(Object.entries(actual ?? {}));
    for (const [key, part] of Object.entries(expected)) agree(parts.get(key), part);
  } else expect(actual).toEqual(expected);
}

const ends = (bounds: { low: number; high: number } | undefined) => [bounds?.low, bounds?.high];
const repeated = (value: number, times: number) => new Array<number>(times).fill(value);
const differences = (a: readonly number[], b: readonly number[]) =>
  a.map((value, at) => value - (b[at] ?? Number.NaN));

/** The generator of the numbers to test against; Proctor itself draws from another. */
function mulberry32(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The value below which a share lies with this probability, where it is distributed as Beta(a, b). */
function betaQuantile(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let halved = 0; halved < 80; halved++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const thirds = { between: 1 / 9, withinA: 1 / 6, withinB: 1 / 6 };
const smallest = (tasks: number, attempts: number) => smallestDifference(tasks, spreadAt(thirds, attempts));

function saturated({ input, expect: known }: typeof golden.s_index_sat_high): void {
  const { index, distance, level } = saturation(input.s1, input.s5, input.n);
  agree([index, distance, (input.s1 - input.s5) / distance], [known.S, known.R, known.se]);
  expect(level.replace(' ', '_')).toBe(known.cat);
}

const entries: Partial<Record<keyof typeof golden, () => void>> = {
  mean_se() {
    const scores = [...repeated(1, 16), ...repeated(0, 4)];
    agree(mean(scores), golden.mean_se.expect.mean);
    agree(student(scores)?.error, golden.mean_se.expect.se_ddof1);
  },
  wilson: () => agree(ends(wilson(16, 20)), golden.wilson.expect),
  wilson_zero: () => agree(ends(wilson(0, 20)), golden.wilson_zero.expect),
  cp_upper_one_sided95() {
    const { input, expect: bounds } = golden.cp_upper_one_sided95;
    agree(
      input.n.map((n) => zeroOfN(n).high),
      bounds,
    );
  },
  impossible_tasks: () => agree(zeroOfN(30).high, golden.impossible_tasks.expect),
  impossible_tasks_3: () => agree(ends(wilson(3, 30)), golden.impossible_tasks_3.expect),
  clustered_equal_k_identity() {
    const { input, expect: errors } = golden.clustered_equal_k_identity;
    agree(clusteredStudent(input.groups)?.error, errors.clustered);
    agree(student(input.groups.map(mean))?.error, errors.se_of_task_means);
    const { low, high } = meanInterval(input.groups) ?? { low: 0, high: 0 };
    agree((high - low) / 2 / studentQuantile(0.975, 4), errors.clustered);
  },
  paired_t() {
    const { input, expect: known } = golden.paired_t;
    const test = student(differences(input.a, input.b));
    const { diff, se, t, df, p, ci } = known;
    agree([test?.mean, test?.error, test?.t, test?.freedom, test?.p, ends(test)], [diff, se, t, df, p, ci]);
  },
  variant_gap() {
    const { input, expect: known } = golden.variant_gap;
    const gaps = differences(input.orig, input.variant_mean);
    const test = student(gaps);
    const { diff, se, t, df, p, ci, signflip } = known;
    agree([test?.mean, test?.error, test?.t, test?.freedom, test?.p, ends(test)], [diff, se, t, df, p, ci]);
    agree(signFlip(gaps), signflip);
  },
  signflip_exact: () => agree(signFlip(golden.signflip_exact.input.d), golden.signflip_exact.expect),
  mulberry32() {
    const random = mulberry32(golden.mulberry32.input.seed);
    agree(golden.mulberry32.expect.map(random), golden.mulberry32.expect);
  },
  paired_bootstrap() {
    const { input, expect: limits } = golden.paired_bootstrap;
    agree(ends(bootstrapMean(input.d, mulberry32(input.seed))), limits);
  },
  mcnemar() {
    const { input, expect: known } = golden.mcnemar;
    agree([mcNemar(input.b, input.c), mcNemarMid(input.b, input.c)], [known.exact, known.mid_p]);
  },
  mcnemar_ties() {
    expect(mcNemar(0, 0)).toBe(1);
    expect(mcNemarMid(0, 0)).toBe(1);
  },
  newcombe_paired_zero_disc() {
    const { lo, hi, phi } = golden.newcombe_paired_zero_disc.expect;
    const counts = { both: 18, onlyA: 0, onlyB: 0, neither: 2 };
    agree([...ends(newcombePaired(counts)), correlation(counts)], [lo, hi, phi]);
  },
  exact_match_replay() {
    const [, ...limits] = golden.exact_match_replay.expect;
    agree(ends(newcombe({ passed: 2, n: 30 }, { passed: 27, n: 30 })), limits);
  },
  failure_mode_lift() {
    const [, ...limits] = golden.failure_mode_lift.expect.diff_ci;
    agree(ends(newcombe({ passed: 4, n: 20 }, { passed: 18, n: 30 })), limits);
  },
  multiple_comparison() {
    const { input, expect: known } = golden.multiple_comparison;
    agree(holm(input.p), known.holm);
    agree(benjaminiHochberg(input.p), known.bh);
  },
  mde_miller() {
    const { input, expect: known } = golden.mde_miller;
    agree(
      input.K.map((attempts) => smallest(input.n, attempts)),
      known,
    );
  },
  mde_small() {
    const { input, expect: known } = golden.mde_small;
    agree(
      input.n.map((n) => smallestDifference(n, input.omega2)),
      known,
    );
  },
  tasks_vs_trials: () =>
    agree(
      [smallest(200, 1), smallest(100, 2), smallest(50, 4), smallest(20, 10)],
      Object.values(golden.tasks_vs_trials.expect),
    ),
  n_mcnemar() {
    const { p10, p01 } = golden.n_mcnemar.input;
    agree(tasksNeededMcNemar({ onlyA: p10, onlyB: p01 }), golden.n_mcnemar.expect);
  },
  variance_reduction_uniform() {
    const { input, expect: known } = golden.variance_reduction_uniform;
    const uniform = { between: 1 / 12, withinA: 1 / 6, withinB: 0 };
    agree(
      input.K.map((attempts) => spreadAt(uniform, attempts) / spreadAt(uniform, 1)),
      known,
    );
  },
  pass_at_k: () => agree(passAtK(10, 3, 5), golden.pass_at_k.expect),
  pass_hat_k: () => agree(passHatK(8, 6, 4), golden.pass_hat_k.expect),
  biased_vs_unbiased_passhat: () =>
    agree(passHatK(8, 6, 4), golden.biased_vs_unbiased_passhat.expect.unbiased),
  suite_pass_hat() {
    const { input, expect: known } = golden.suite_pass_hat;
    const rates = input.c_by_task.map((c) => passHatK(input.n, c, input.k));
    agree([rates, mean(rates), student(rates)?.error], [known.per_task, known.mean, known.se]);
  },
  worst_best_at_k() {
    const { input, expect: known } = golden.worst_best_at_k;
    agree(
      input.k.map((k) => worstAtK(input.s, k)),
      known.worst,
    );
    agree(
      input.k.map((k) => bestAtK(input.s, k)),
      known.best,
    );
  },
  worst_at_k_binary_identity() {
    const scores = [...repeated(1, 6), ...repeated(0, 2)];
    const rates = [worstAtK(scores, 4), passHatK(8, 6, 4), bestAtK(scores, 4), passAtK(8, 6, 4)];
    agree(rates, Object.values(golden.worst_at_k_binary_identity.expect));
  },
  jsd: () => agree(jensenShannon([0.5, 0.5, 0], [0.25, 0.25, 0.5]), golden.jsd.expect),
  clopper() {
    const { input, expect: bounds } = golden.clopper;
    const { k, n } = input;
    agree([betaQuantile(0.025, k, n - k + 1), betaQuantile(0.975, k + 1, n - k)], bounds);
  },
  beta_uniform_ci() {
    const { input, expect: known } = golden.beta_uniform_ci;
    const [a, b] = [input.k + 1, input.n - input.k + 1];
    agree(a / (a + b), known.mean);
    agree([betaQuantile(0.025, a, b), betaQuantile(0.975, a, b)], known.ci);
  },
  exact_bootstrap_27() {
    const { input, expect: known } = golden.exact_bootstrap_27;
    const { d } = input;
    const means = d.flatMap((x) => d.flatMap((y) => d.map((z) => mean([x, y, z]))));
    const at = (value: number) => means.filter((one) => one === value).length / means.length;
    agree([means.length, at(-1), at(0)], [known.n, known['P(mean=-1)'], known['P(mean=0)']]);
    agree(Math.sqrt(mean(means.map((one) => one ** 2))), known.boot_se);
    expect([...new Set(means.map((one) => Number(one.toFixed(6))))].sort((x, y) => x - y)).toEqual(
      known.distinct,
    );
  },
  c_out() {
    const { input, expect: known } = golden.c_out;
    agree(
      input.p.map((p) => 1 - (p * (1 - p)) / 0.25),
      known,
    );
  },
  c_res() {
    const { costs } = golden.c_res.input;
    agree(Math.exp(-Math.sqrt(variance(costs)) / mean(costs)), golden.c_res.expect);
  },
  cohen_kappa: () => agree(cohenKappa(golden.cohen_kappa.input.M), golden.cohen_kappa.expect),
  rogan_gladen() {
    const { input, expect: known } = golden.rogan_gladen;
    const { phat, n, q1, m1, q0, m0 } = input;
    const corrected = correctedShare({
      found: { share: phat, of: n },
      caught: { share: q1, of: m1 },
      cleared: { share: q0, of: m0 },
    });
    agree([corrected?.share, corrected?.error, ends(corrected)], known);
  },
  ppi() {
    const { input, expect: known } = golden.ppi;
    const times = (count: number, so: number, said: number) =>
      Array.from({ length: count }, () => ({ so, said }));
    const labelled = [...times(60, 1, 1), ...times(10, 1, 0), ...times(10, 0, 1), ...times(20, 0, 0)];
    const all = { share: input.judge_rate, of: input.N };
    const told = labelledShare(labelled, all, 1);
    agree([told.share, told.error, ends(told)], known.ppi);
    const alone = labelledShare(labelled, all, 0);
    agree([alone.share, alone.error], known.human_only);
    expect(labelledShare(labelled, all).error).toBeLessThan(Math.min(told.error, alone.error));
  },
  bt_two_player() {
    const { beta, elo_gap, se_beta, elo_ci } = golden.bt_two_player.expect;
    const [odds, error] = [Math.log(7 / 3), Math.sqrt(1 / 7 + 1 / 3)];
    const elo = (value: number) => (value * 400) / Math.LN10;
    agree([odds, elo(odds), error], [beta, elo_gap, se_beta]);
    const reach = normalQuantile(0.975) * error;
    agree([elo(odds - reach), elo(odds + reach)], elo_ci);
  },
  risk() {
    const { input, expect: known } = golden.risk;
    const severities = input['violations(severity)'];
    const compliance = mean(severities.map((one) => Number(one === 0)));
    const harm_sev = 1 - mean(severities.filter((one) => one > 0));
    agree({ compliance, harm_sev, safety: 1 - mean(severities) }, known);
  },
  krippendorff() {
    const { input, expect: known } = golden.krippendorff;
    const by = (metric: 'nominal' | 'ordinal' | 'interval') => krippendorffAlpha(input.units, metric);
    agree({ nominal: by('nominal'), ordinal: by('ordinal'), interval: by('interval') }, known);
  },
  entropy() {
    const { input, expect: known } = golden.entropy;
    agree(
      input.p.map((p) => 1 - jensenShannon([p, 1 - p], [1 - p, p])),
      known,
    );
  },
  ece_brier() {
    const { conf, y, bins } = golden.ece_brier.input;
    const binned = groupBy(
      conf.map((said, at) => ({ said, was: y[at] ?? 0 })),
      ({ said }) => Math.min(bins - 1, Math.floor(said * bins)),
    );
    const gaps = [...binned.values()].map((bin) => ({
      n: bin.length,
      gap: Math.abs(mean(bin.map(({ said }) => said)) - mean(bin.map(({ was }) => was))),
    }));
    const ece = total(gaps.map(({ n, gap }) => n * gap)) / conf.length;
    const brier = mean(conf.map((said, at) => (said - (y[at] ?? 0)) ** 2));
    agree({ ece, brier }, golden.ece_brier.expect);
  },
  healthbench() {
    const { points, met } = golden.healthbench.input;
    const most = total(points.filter((one) => one > 0));
    agree(total(points.map((one, at) => one * (met[at] ?? 0))) / most, golden.healthbench.expect);
  },
  min_k() {
    const { logp, ratio } = golden.min_k.input;
    const lowest = logp.toSorted((a, b) => a - b).slice(0, Math.round(logp.length * ratio));
    agree(mean(lowest), golden.min_k.expect);
  },
  canary_false_positive() {
    const { hex_chars_hidden: hidden, guesses } = golden.canary_false_positive.input;
    agree(guesses / 16 ** hidden, golden.canary_false_positive.expect);
  },
  p_a_gt_b_paired: () => agree(pairedSuperiority(1, 8), golden.p_a_gt_b_paired.expect),
  irt_p_info_2pl() {
    const { th, a: discrimination, b: difficulty } = golden.irt_p_info_2pl.input;
    const item = { difficulty, discrimination };
    agree([passProbability(th, item), information(th, item)], golden.irt_p_info_2pl.expect);
  },
  irt_p_info_3pl() {
    const { th, a: discrimination, b: difficulty, c: chance } = golden.irt_p_info_3pl.input;
    const item = { difficulty, discrimination, chance };
    agree([passProbability(th, item), information(th, item)], golden.irt_p_info_3pl.expect);
  },
  cat_trace() {
    const { input, expect: known } = golden.cat_trace;
    const items = input.bank.map(([discrimination = 1, difficulty = 0]) => ({ discrimination, difficulty }));
    const prior = { mean: 0, sd: input.prior_sd };
    const answered: Answered[] = [];
    const left = new Set(items.keys());
    const trace = items.map(() => {
      const at = abilityOf(answered, prior).value;
      const worth = (place: number) => informationPerCost(at, items[place] ?? { difficulty: 0 }, 1);
      const place = [...left].reduce((best, one) => (worth(one) > worth(best) ? one : best));
      left.delete(place);
      const passed = input.answers[place] ?? 0;
      answered.push({ item: items[place] ?? { difficulty: 0 }, passed, n: 1 });
      const { value, error } = abilityOf(answered, prior);
      return [place, passed, value, error].map((one) => Number(one.toFixed(6)));
    });
    expect(trace).toEqual(known);
  },
  rasch_penalised() {
    const { input, expect: known } = golden.rasch_penalised;
    const cells = input.Y.flatMap((row, agent) =>
      row.map((passed, item) => ({ agent, item, passed, n: input.trials })),
    );
    const prior = { ability: input.prior_sd, difficulty: input.prior_sd };
    const fit = fitRasch(cells, { agents: 4, items: 5, prior });
    agree(
      fit.abilities.map(({ value }) => value),
      known.theta,
    );
    agree(
      fit.difficulties.map(({ value }) => value),
      known.b,
    );
  },
  p_irt() {
    const { seen, unseen_ab, theta } = golden.p_irt.input;
    const unseen = unseen_ab.map(([discrimination = 1, difficulty = 0]) => ({ discrimination, difficulty }));
    agree(pIrt({ seen, unseen }, theta), golden.p_irt.expect);
  },
  info_per_cost() {
    const { input, expect: known } = golden.info_per_cost;
    agree(
      input.items.map(({ a: discrimination, b: difficulty, cost }) =>
        informationPerCost(input.theta, { discrimination, difficulty }, cost),
      ),
      known,
    );
  },
  items_for_se() {
    const { input, expect: known } = golden.items_for_se;
    const each = information(0, { difficulty: 0, discrimination: input.a });
    agree(
      input.se.map((error) => trialsForError(error, each)),
      known.no_prior,
    );
    agree(
      input.se.map((error) => trialsForError(error, each, 1)),
      known['N(0,1)_prior'],
    );
  },
  e_beta() {
    const pairs = golden.e_beta.input['(b,c)'];
    agree(
      pairs.map(([broke = 0, fixed = 0]) => evidenceOf(broke, fixed).changed),
      golden.e_beta.expect,
    );
  },
  normal_mixture_cs() {
    const { input, expect: known } = golden.normal_mixture_cs;
    const mixing = mixingVariance(input.v_opt);
    const bound = straying(input.n * input.sigma ** 2, mixing);
    agree([mixing, bound, bound / input.n], [known.rho, known.bound_S, known.half_width]);
  },
  msprt() {
    const { input, expect: known } = golden.msprt;
    const sum = input.n * (input.xbar - input.theta0);
    agree(mixtureRatio(sum, input.n * input.sigma2, input.sigma2 ** 2 / input.tau2), known.Lambda);
  },
  cusum() {
    const { input, expect: known } = golden.cusum;
    const failed = input.fails.map((one) => one === 1);
    const { sums, alarm = -1 } = cusum(failed, input.p0, input.p1);
    agree([sums, alarm + 1], known);
    expect(cusumLimit).toBe(input.h);
  },
  flake_reruns: () => agree(golden.flake_reruns.input.rate.map(rerunsNeeded), golden.flake_reruns.expect),
  flake_detect_prob() {
    const { p, k } = golden.flake_detect_prob.input;
    agree(seenFlaky(p, k), golden.flake_detect_prob.expect);
  },
  s_index_sat_high: () => saturated(golden.s_index_sat_high),
  s_index_sat_low: () => saturated(golden.s_index_sat_low),
  s_index_sat_small_n: () => saturated(golden.s_index_sat_small_n),
  spearman_brown() {
    const { r, k } = golden.spearman_brown.input;
    agree(lengthened(r, k), golden.spearman_brown.expect);
  },
  spearman_brown_halve() {
    const { r, k } = golden.spearman_brown_halve.input;
    agree(lengthened(r, k), golden.spearman_brown_halve.expect);
  },
};

/** Held to by the comparison of behaviour, the value of steps, what lays two trials side by side, and the health of suites. */
const elsewhere = ['first_divergence', 'value_drop', 'levenshtein', 'nw', 'separable_pairs'];

describe('the known numbers', () => {
  it.each(Object.entries(entries))('hold: %s', (_, holds) => holds());

  it('are all tested, here or where they are used', () => {
    expect(Object.keys(golden).filter((name) => !(name in entries || elsewhere.includes(name)))).toEqual([]);
  });
});
