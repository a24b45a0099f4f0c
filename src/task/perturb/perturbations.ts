import { dates } from './dates.ts';
import { distractors } from './distractors.ts';
import { keys } from './keys.ts';
import { layout } from './layout.ts';
import type { Perturb } from './perturb.ts';
import { wording } from './wording.ts';

/** Changes of a task's files that leave its content as it is. */
export const ofFiles: Readonly<Record<string, Perturb>> = { wording, keys, dates, layout, distractors };

/** Changes of how the tools are listed, which a trial makes when it lists them. */
const ofTools = ['order', 'descriptions'] as const;

export const perturbationNames: readonly string[] = [...Object.keys(ofFiles), ...ofTools];
