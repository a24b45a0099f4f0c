import { harmless } from '../../format.ts';

const longest = 300;

/** Of what a program said before it ended, the line that tells why: the last that names an error, else the last. */
export function tellingLine(lines: readonly string[]): string | undefined {
  const own = lines.map((line) => line.trim()).filter((line) => line !== '' && !surrounds.test(line));
  const line =
    own.findLast((one) => /\b\w*(error|exception|cannot|missing|required)\b|:\s*not found/i.test(one)) ??
    own.at(-1);
  return line === undefined
    ? undefined
    : harmless(line.length > longest ? `${line.slice(0, longest)}…` : line);
}

/** Frames, the version that Node.js ends with, and what it draws around an error and lists of it. */
const surrounds =
  /^(at |\w+: (?:['"\d{[]|undefined|null|true|false).*[,\d'"]?$|Node\.js v\d|[{}^~|\s]*$|(?:node:|file:\/\/).*:\d+$)/;
