import { fitRasch, type RaschCell, type RaschFit, type RaschPrior } from './rasch.ts';

/** What is thought of a spread before anything was seen: one logit, as sure as this many agents or tasks would make it. */
const usualSpread = 1;
const weight = 2;
const mostRounds = 200;
/** By how much more than one round says the spreads are moved: alone, rounds creep. */
const haste = 1.8;

/**
 * Rasch's model with the spreads of abilities and difficulties that the counts themselves speak for (expectation and maximisation):
 * a fixed spread would draw tasks that nearly all or nearly no agents pass too far to the middle. Few agents tell of each task, so that
 * its difficulty is anything but normally distributed, and is taken by its whole distribution, given the abilities.
 */
export function fitRaschWithPrior(
  cells: readonly RaschCell[],
  size: { agents: number; items: number },
): { fit: RaschFit; prior: RaschPrior } {
  const ofItem = Array.from({ length: size.items }, (): RaschCell[] => []);
  for (const cell of cells) ofItem[cell.item]?.push(cell);
  let prior: RaschPrior = { ability: usualSpread, difficulty: usualSpread };
  for (let round = 0; ; round++) {
    const fit = fitRasch(cells, { ...size, prior });
    const { difficulty } = prior;
    const found = {
      ability: spreadOf(fit.abilities.map(({ value, error }) => value ** 2 + error ** 2)),
      difficulty: spreadOf(
        fit.difficulties.map((located, item) => squareOf(ofItem[item] ?? [], fit, located, difficulty)),
      ),
    };
    const change = Math.abs(found.ability - prior.ability) + Math.abs(found.difficulty - prior.difficulty);
    if (change < 1e-3 || round === mostRounds) return { fit, prior };
    prior = {
      ability: prior.ability * (found.ability / prior.ability) ** haste,
      difficulty: prior.difficulty * (found.difficulty / prior.difficulty) ** haste,
    };
  }
}

function spreadOf(squares: readonly number[]): number {
  const sum = squares.reduce((all, square) => all + square, 0);
  return Math.sqrt((sum + weight * usualSpread ** 2) / (squares.length + weight));
}

/** Half of the nodes by which a difficulty is integrated over, and how many of its standard errors they lie apart. */
const nodes = 10;
const spacing = 0.5;

/** The expected square of how far an item's difficulty is from the mean of all. */
function squareOf(
  own: readonly RaschCell[],
  { abilities, centre }: RaschFit,
  { value, error }: RaschFit['difficulties'][number],
  spread: number,
): number {
  let [sum, total] = [0, 0];
  let most = Number.NEGATIVE_INFINITY;
  for (let node = -nodes; node <= nodes; node++) {
    const difficulty = value + node * spacing * error;
    let log = -0.5 * ((difficulty - centre) / spread) ** 2;
    for (const { agent, passed, n } of own) {
      const at = (abilities[agent]?.value ?? 0) - difficulty;
      log -= n * Math.log1p(Math.exp(-at)) + (n - passed) * at;
    }
    const scale = Math.exp(Math.min(0, most - log));
    most = Math.max(most, log);
    const density = Math.exp(log - most);
    sum = sum * scale + density * (difficulty - centre) ** 2;
    total = total * scale + density;
  }
  return sum / total;
}
