import type { ResolvedTrial } from './resolved-trial.ts';

/** Folders that say nothing of what is in them. */
const general = /^(home|agent|root|work|app|srv|var|opt|etc|usr|local|\.git|refs|heads)$/;

/** Names that an instruction may use of a place: its last parts, the last one also without its extension, and its sort. */
export function namesOf(place: string): string[] {
  const parts = place.split('/').filter((part) => part !== '' && !general.test(part));
  const last = parts.at(-1) ?? '';
  const extension = /\.\w+$/.exec(last)?.[0];
  const sort = extension ? [`*${extension}`, `${extension} files`] : [];
  return [...parts.slice(-2), last.replace(/\.\w+$/, ''), ...sort];
}

const forbids = /\b(don.?t|do not|never|must not|mustn.?t|should not|shouldn.?t|may not|leave|except)\b/;

/** Whether a sentence of the instruction, or of a later phase’s, that forbids nothing matches a pattern, and has one of the names where some are given. */
export function isAsked(trial: ResolvedTrial, pattern: RegExp, names?: readonly string[]): boolean {
  const wanted = names?.map((name) => name.toLowerCase()).filter((name) => name.length > 2);
  return trial
    .once(sentences)
    .some((said) => pattern.test(said) && (!wanted || wanted.some((name) => holds(said, name))));
}

function sentences({ trial, bodies }: ResolvedTrial): string[] {
  const texts = [trial.started.task.instruction, ...trial.steps.flatMap(({ begins }) => begins ?? [])];
  return texts
    .flatMap((body) =>
      bodies
        .text(body)
        .toLowerCase()
        .split(/(?<=[.!?;])\s+|\n{2,}/),
    )
    .filter((said) => !forbids.test(said));
}

/** Whether a name stands in a sentence as a word of its own, or as its plural. */
function holds(sentence: string, name: string): boolean {
  for (let at = sentence.indexOf(name); at >= 0; at = sentence.indexOf(name, at + 1)) {
    const after = sentence.slice(at + name.length);
    if (!/[a-z0-9]$/.test(sentence.slice(0, at)) && /^(s|es)?(?![a-z0-9])/.test(after)) return true;
  }
  return false;
}
