import type { ResolvedTrial } from '../../trial/resolved-trial.ts';

/** Words of an instruction that has something taken away. */
const takesAway =
  /\b(remov|delet|drop|clean|purg|prun|de-?dup|duplicate|truncat|empt(y|ied)|discard|filter|keep only|strip|rotat|wip(e|ing)|clear|reset|revert|shrink|trim|squash|throw away|get rid|rm|overwrit|replac|regenerat|rewrit|anonymi[sz]|merg|consolidat|migrat|convert|compact|archiv|undo|roll ?back|expire|forget|renam|mov(e|ing))\w*/i;

/** Names that stand for a place: its last parts, the last one also without its extension. */
function namesOf(place: string): string[] {
  const parts = place
    .split('/')
    .filter((part) => part !== '' && !/^(home|agent|work|srv|var|opt|\.git|refs|heads)$/.test(part));
  const last = parts.at(-1) ?? '';
  const extension = /\.\w+$/.exec(last)?.[0];
  return [
    ...parts.slice(-2),
    last.replace(/\.\w+$/, ''),
    ...(extension ? [`*${extension}`, `${extension} files`] : []),
  ];
}

/**
 * Whether the instruction itself asks for something to be taken away at a place, by name. What the contract lets be lost needs
 * no such words.
 */
export function isAskedAway({ trial, bodies }: ResolvedTrial, place: string): boolean {
  const texts = [trial.started.task.instruction, ...trial.steps.flatMap(({ begins }) => begins ?? [])];
  return texts
    .flatMap((body) => bodies.text(body).split(/(?<=[.!?])\s+|\n{2,}/))
    .filter((sentence) => takesAway.test(sentence))
    .some((sentence) =>
      namesOf(place).some((name) => name.length > 2 && holds(sentence.toLowerCase(), name.toLowerCase())),
    );
}

/** Whether a name stands in a sentence as a word of its own, or as its plural. */
function holds(sentence: string, name: string): boolean {
  for (let at = sentence.indexOf(name); at >= 0; at = sentence.indexOf(name, at + 1)) {
    const after = sentence.slice(at + name.length);
    if (!/[a-z0-9]$/.test(sentence.slice(0, at)) && /^(s|es)?(?![a-z0-9])/.test(after)) return true;
  }
  return false;
}
