import { logistic } from './item-response.ts';

/** Trials of one agent at one task: how many, and how many of them passed; both may be shares of trials. */
export interface RaschCell {
  agent: number;
  item: number;
  passed: number;
  n: number;
}

/** Standard deviations of abilities and of difficulties, as far as is known before any trial. */
export interface RaschPrior {
  ability: number;
  difficulty: number;
}

interface Located {
  value: number;
  /** Standard error. */
  error: number;
}

export interface RaschFit {
  /** By agent; their prior has its mean at 0. */
  abilities: Located[];
  /** By item, each error given the abilities: a shift of all of them is none that predictions see. */
  difficulties: Located[];
  /** The mean that the prior of difficulties has. */
  centre: number;
}

const mostRounds = 100;

/**
 * The penalised joint fit of Rasch's model to counts. The objective is strictly concave, so that the answer is unique, and finite
 * where all or none of an agent's or a task's trials passed. Abilities lie about 0, difficulties about a mean that is fitted.
 */
export function fitRasch(
  cells: readonly RaschCell[],
  { agents, items, prior }: { agents: number; items: number; prior: RaschPrior },
): RaschFit {
  const [ofAbility, ofDifficulty] = [1 / prior.ability ** 2, 1 / prior.difficulty ** 2];
  const own = new Float64Array(agents + 1);
  const apart = new Float64Array(items);
  let errors: Pick<System, 'diagonal' | 'matrix'> = { diagonal: apart, matrix: [] };
  for (let round = 0; round < mostRounds; round++) {
    const system = emptySystem(agents + 1, items);
    for (let j = 0; j < agents; j++) {
      add(system.matrix[j], j, ofAbility);
      system.right[j] = -ofAbility * (own[j] ?? 0);
    }
    for (let i = 0; i < items; i++) {
      system.diagonal[i] = ofDifficulty;
      system.slope[i] = -ofDifficulty * (apart[i] ?? 0);
    }
    for (const cell of cells) addCell(system, cell, logit(cell, own, apart), agents);
    const [step, stepApart] = solve(system);
    errors = system;
    let largest = 0;
    for (const [values, changes] of [
      [own, step],
      [apart, stepApart],
    ] as const)
      for (let at = 0; at < values.length; at++) {
        const change = Math.max(-2, Math.min(2, changes[at] ?? 0));
        values[at] = (values[at] ?? 0) + change;
        largest = Math.max(largest, Math.abs(change));
      }
    if (largest < 1e-12) break;
  }
  const centre = own[agents] ?? 0;
  const inverse = inverseDiagonal(errors.matrix);
  return {
    abilities: [...own.slice(0, agents)].map((value, j) => ({ value, error: Math.sqrt(inverse[j] ?? 0) })),
    difficulties: [...apart].map((value, i) => ({
      value: centre + value,
      error: 1 / Math.sqrt(errors.diagonal[i] ?? 1),
    })),
    centre,
  };
}

function logit({ agent, item }: RaschCell, own: Float64Array, apart: Float64Array): number {
  return (own[agent] ?? 0) - (own[own.length - 1] ?? 0) - (apart[item] ?? 0);
}

/** Newton's equations. Items meet only themselves, so that they are taken out first, and what is left is as small as the agents are few. */
interface System {
  matrix: Float64Array[];
  right: Float64Array;
  diagonal: Float64Array;
  slope: Float64Array;
  /** Of each item with each agent, and with the mean. */
  cross: Float64Array[];
}

function emptySystem(size: number, items: number): System {
  const rows = (count: number) => Array.from({ length: count }, () => new Float64Array(size));
  return {
    matrix: rows(size),
    right: new Float64Array(size),
    diagonal: new Float64Array(items),
    slope: new Float64Array(items),
    cross: rows(items),
  };
}

function add(values: Float64Array | undefined, at: number, value: number): void {
  if (values) values[at] = (values[at] ?? 0) + value;
}

function addCell(system: System, { agent, item, passed, n }: RaschCell, at: number, mean: number): void {
  const chance = logistic(at);
  const weight = n * chance * (1 - chance);
  const residue = passed - n * chance;
  add(system.matrix[agent], agent, weight);
  add(system.matrix[mean], mean, weight);
  add(system.matrix[agent], mean, -weight);
  add(system.matrix[mean], agent, -weight);
  add(system.right, agent, residue);
  add(system.right, mean, -residue);
  add(system.diagonal, item, weight);
  add(system.slope, item, -residue);
  add(system.cross[item], agent, -weight);
  add(system.cross[item], mean, weight);
}

function solve(system: System): [Float64Array, Float64Array] {
  const { matrix, right, diagonal, slope, cross } = system;
  const size = right.length;
  for (const [item, own] of cross.entries()) {
    const scale = 1 / (diagonal[item] ?? 1);
    for (let j = 0; j < size; j++) {
      const share = (own[j] ?? 0) * scale;
      if (share === 0) continue;
      add(right, j, -share * (slope[item] ?? 0));
      const row = matrix[j];
      for (let k = 0; k < size; k++) add(row, k, -share * (own[k] ?? 0));
    }
  }
  const step = substituted(choleskyOf(matrix), right);
  const stepApart = slope.map((value, item) => {
    const own = cross[item];
    const known = step.reduce((sum, change, j) => sum + change * (own?.[j] ?? 0), 0);
    return (value - known) / (diagonal[item] ?? 1);
  });
  return [step, stepApart];
}

/** The lower triangle whose product with its own transpose a positive definite matrix is. */
function choleskyOf(matrix: readonly Float64Array[]): Float64Array[] {
  const lower = matrix.map(() => new Float64Array(matrix.length));
  for (let j = 0; j < matrix.length; j++)
    for (let k = 0; k <= j; k++) {
      let sum = matrix[j]?.[k] ?? 0;
      for (let m = 0; m < k; m++) sum -= (lower[j]?.[m] ?? 0) * (lower[k]?.[m] ?? 0);
      const row = lower[j];
      if (row) row[k] = j === k ? Math.sqrt(Math.max(sum, 1e-300)) : sum / (lower[k]?.[k] ?? 1);
    }
  return lower;
}

function substituted(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const forward = forwards(lower, right);
  for (let j = lower.length - 1; j >= 0; j--) {
    let sum = forward[j] ?? 0;
    for (let k = j + 1; k < lower.length; k++) sum -= (lower[k]?.[j] ?? 0) * (forward[k] ?? 0);
    forward[j] = sum / (lower[j]?.[j] ?? 1);
  }
  return forward;
}

function forwards(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const found = Float64Array.from(right);
  for (let j = 0; j < lower.length; j++) {
    let sum = found[j] ?? 0;
    for (let k = 0; k < j; k++) sum -= (lower[j]?.[k] ?? 0) * (found[k] ?? 0);
    found[j] = sum / (lower[j]?.[j] ?? 1);
  }
  return found;
}

function inverseDiagonal(matrix: readonly Float64Array[]): number[] {
  const lower = choleskyOf(matrix);
  return matrix.map((_, j) => {
    const unit = new Float64Array(matrix.length);
    unit[j] = 1;
    return forwards(lower, unit).reduce((sum, value) => sum + value ** 2, 0);
  });
}
