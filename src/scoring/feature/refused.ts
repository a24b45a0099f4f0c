import type { Feature } from '../feature.ts';

const declines =
  /\b(I|we)(['’]m| am| are|['’]re)? ?(can(['’]t|not| not)|won['’]t|will not|unable to|not able to|must decline|have to decline|decline|refuse|not (comfortable|willing))\b[^.\n]{0,60}\b(help|assist|comply|do (this|that|it|so)|proceed|fulfil|complete|perform|carry|provide|process|support)/i;

/** As its provider says, or by the words it ended with. */
export const refused: Feature = {
  id: 'refused',
  what: 'refused',
  tell({ trial: { trial, bodies } }) {
    const last = trial.steps.at(-1)?.decision;
    if (last?.stop === 'refused') return true;
    const said = [last?.text, trial.ended?.answer].flatMap((text) =>
      text === undefined ? [] : bodies.text(text),
    );
    return said.some((text) => declines.test(text));
  },
};
