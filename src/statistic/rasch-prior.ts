import { fitRasch, type RaschCell, type RaschFit, type RaschPrior } from './rasch.ts';

/** What is thought of a spread before anything was seen: one logit, as sure as this many agents or tasks would make it. */
const usualSpread = 1;
const weight = 2;
const mostRounds = 200;

/**
 * Rasch's model with the spreads of abilities and difficulties that the counts themselves speak for (expectation and maximisation
 * over Laplace's approximation): a fixed spread would draw tasks that nearly all or nearly no agents pass too far to the middle.
 */
export function fitRaschWithPrior(
  cells: readonly RaschCell[],
  size: { agents: number; items: number },
): { fit: RaschFit; prior: RaschPrior } {
  let prior: RaschPrior = { ability: usualSpread, difficulty: usualSpread };
  for (let round = 0; ; round++) {
    const fit = fitRasch(cells, { ...size, prior });
    const next = {
      ability: spreadOf(fit.abilities, 0),
      difficulty: spreadOf(fit.difficulties, fit.centre),
    };
    const change = Math.abs(next.ability - prior.ability) + Math.abs(next.difficulty - prior.difficulty);
    if (change < 1e-3 || round === mostRounds) return { fit, prior };
    prior = next;
  }
}

function spreadOf(located: readonly { value: number; error: number }[], centre: number): number {
  const squares = located.reduce((sum, { value, error }) => sum + (value - centre) ** 2 + error ** 2, 0);
  return Math.sqrt((squares + weight * usualSpread ** 2) / (located.length + weight));
}
