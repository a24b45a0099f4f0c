import type { Strength } from '../../schema/instance.ts';
import type { InstanceRandom } from '../random.ts';

/** Plain words and phrases that say the same, each in lower case. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  'as soon as': ['once'],
  because: ['since', 'as'],
  cannot: ['can’t'],
  changed: ['modified'],
  'do not': ['don’t'],
  every: ['each'],
  find: ['look for', 'locate'],
  'for each': ['for every'],
  'has to be': ['must be', 'needs to be'],
  'have to be': ['must be', 'need to be'],
  however: ['yet'],
  'in order to': ['to'],
  'in the place of': ['instead of'],
  largest: ['biggest'],
  'leave out': ['skip', 'omit'],
  needs: ['requires'],
  only: ['just'],
  several: ['multiple'],
  shows: ['displays'],
  'together with': ['along with'],
  until: ['till'],
  usually: ['as a rule'],
  whole: ['complete'],
  write: ['put', 'record'],
  wrong: ['mistaken'],
};

const openings = [
  'Here is what is to be done.',
  'Could you please take care of the following?',
  'A colleague asks for this:',
  'Good morning. This is for you:',
];
const closings = ['Thank you.', 'Many thanks in advance.', 'That is all.', 'Take the time you need.'];

const phrase = new RegExp(
  `(?<![\\w/.-])(?:${Object.keys(synonyms)
    .sort((a, b) => b.length - a.length)
    .join('|')})(?![\\w/-])`,
  'gi',
);

/** What is to be taken literally: code, quotations, addresses, paths, and whatever has a digit. */
const literal = /```[\s\S]*?```|^ {4,}.*$|`[^`\n]*`|"[^"\n]*"|“[^”\n]*”|\S*[\d/_@=<>{}[\]|]\S*/gm;

/**
 * A text that asks for the same in other words. 1 puts other words for some plain ones, 2 for all that it knows, 3 adds slips of the
 * keyboard. What is code, quoted, or has a digit stays as it is.
 */
export function reworded(text: string, strength: Strength, random: InstanceRandom): string {
  return outside(text, (plain) => {
    const swapped = plain.replace(phrase, (found) => {
      const others = synonyms[found.toLowerCase()];
      if (!others || (strength === 1 && random.chance(0.5))) return found;
      const other = random.pick(others);
      return /^[A-Z]/.test(found) ? `${other.charAt(0).toUpperCase()}${other.slice(1)}` : other;
    });
    return strength < 3 ? swapped : withSlips(swapped, random);
  });
}

/** Words before and after it that ask for nothing. */
export function framed(text: string, random: InstanceRandom): string {
  return `${random.pick(openings)}\n\n${text.trim()}\n\n${random.pick(closings)}\n`;
}

/** One long word in a dozen has two letters in the wrong order. */
function withSlips(text: string, random: InstanceRandom): string {
  return text.replace(/(?<![\w'’-])[a-z]{6,}(?![\w'’-])/g, (word) => {
    if (!random.chance(1 / 12)) return word;
    const at = random.int(1, word.length - 3);
    return `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
  });
}

/** Changes what lies between the literal parts. */
function outside(text: string, change: (plain: string) => string): string {
  let at = 0;
  const parts: string[] = [];
  for (const match of text.matchAll(literal)) {
    parts.push(change(text.slice(at, match.index)), match[0]);
    at = match.index + match[0].length;
  }
  return [...parts, change(text.slice(at))].join('');
}
