import type { ProctorError } from '../errors.ts';
import { harmless, harmlessInColor } from '../format.ts';
import { type Style, styleFor } from '../report/style.ts';

/** Says a line beside the result. */
export const say = (line: string) => void process.stderr.write(`${harmless(line)}\n`);

/** Names a trace that cannot be read beside the one that is. */
export const sayLeftOut = (error: ProctorError) => say(`proctor: not looked at for forks: ${error.message}`);

export const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Prints a text; what it holds of an agent can't steer a terminal. */
export const printText = (text: string) =>
  void process.stdout.write(process.stdout.isTTY ? harmlessInColor(text) : harmless(text));

/** Prints a result: as one JSON document where that was asked for, else as text in the style of the terminal. */
export function print(json: boolean | undefined, document: unknown, text: (style: Style) => string): void {
  if (json) process.stdout.write(asJson(document));
  else printText(text(styleFor(process.stdout, process.env)));
}
