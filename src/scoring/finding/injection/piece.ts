import type { ShellCommand } from '../../../policy/shell/command.ts';
import { leavesOf, type ResolvedCall } from '../../trial/resolved-trial.ts';

/** One part of what a call says, such as an argument or a word of a shell command. */
export interface Piece {
  text: string;
  /** Whether it is text for somebody to read, which may quote what others wrote. */
  prose: boolean;
}

/** Programs that only look, whose words are what they look for. */
const readers =
  /^(grep|egrep|fgrep|rg|ag|cat|head|tail|less|more|find|ls|wc|awk|jq|cut|sort|uniq|diff|cmp|stat|file|which|test|\[|strings|xxd|od)$/;

/** Programs whose words are text that they write. */
const writers = /^(echo|printf|cat|tee|git|mail|sendmail|say|logger|wall)$/;

const proseNames =
  /^(body|text|message|content|note|comment|summary|description|reason|subject|answer|details|file_text|new_str|reply|explanation|title)$/i;

/** What a call says, in parts; of a shell command without the words that it only looks for. */
export function piecesOf({ args, facts }: ResolvedCall): Piece[] {
  if (facts.commands.length > 0) return facts.commands.flatMap(wordsOf);
  return Object.entries(args).flatMap(([name, value]) =>
    leavesOf(value).map((text) => ({ text, prose: proseNames.test(name) })),
  );
}

function wordsOf(command: ShellCommand): Piece[] {
  const { name, args, redirects, hosts, code, writes, text } = command;
  const places = [...hosts, ...writes, ...redirects.map(({ path }) => path)];
  const acting = places.map((one) => ({ text: one, prose: false }));
  if (readers.test(name) && writes.length === 0) return acting;
  const prose = writers.test(name);
  const words = readers.test(name) && !prose ? [] : args;
  const heredoc = /<<-?\s*['"]?(\w+)['"]?[^\n]*\n([\s\S]*?)\n\1/.exec(text)?.[2];
  return [
    ...acting,
    ...words.map((one) => ({ text: one, prose })),
    ...(heredoc === undefined ? [] : [{ text: heredoc, prose: true }]),
    ...(code === '' ? [] : [{ text: code, prose: false }]),
  ];
}
