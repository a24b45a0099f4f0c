import type { Perturb } from './perturb.ts';
import { framed, reworded } from './reword.ts';

/** The instruction in other words. */
export const wording: Perturb = ({ files }, { strength, random }) =>
  files.map((file) => {
    if (!/^(steps\/[^/]+\/)?instruction\.md$/.test(file.path)) return file;
    const text = reworded(file.content.toString('utf8'), strength, random);
    return { ...file, content: Buffer.from(framed(text, random)) };
  });
