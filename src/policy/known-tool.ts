import { builtinTools } from '../schema/builtin-tool.ts';
import { type EffectClass, type ToolEffect, toolEffect } from '../schema/effect.ts';
import type { Json, JsonObject } from '../schema/json.ts';

/** `mcp__files__readFile` and `files.read-file` as `read`, `file`: what a tool does, without whose it is. */
function wordsOf(name: string): string[] {
  const own = name.split(/__|[.:/]/).findLast((part) => /[a-z]/i.test(part)) ?? '';
  return own
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}

const shellWords = words(
  `bash sh zsh shell terminal console command commands cmd exec powershell pwsh keystrokes tmux`,
);
const interpreters: Record<string, string> = {
  python: 'python3 -c',
  python3: 'python3 -c',
  ipython: 'python3 -c',
  jupyter: 'python3 -c',
  code: 'python3 -c',
  node: 'node -e',
  javascript: 'node -e',
  js: 'node -e',
  ruby: 'ruby -e',
  perl: 'perl -e',
};

/** What a verb says that a call does; the first such verb of a name counts. */
const effects: [EffectClass, ReadonlySet<string>][] = [
  [
    'read',
    words(`get list read search find view show look lookup describe count cat ls grep glob stat inspect check retrieve
      calculate calculator compute summarize select compare validate ask goto scroll wait sleep`),
  ],
  ['grant', words('grant permit allow authorize password permission permissions role sudo chmod invite')],
  [
    'spend',
    words('pay payment transfer refund purchase buy checkout charge withdraw deposit donate tip wire'),
  ],
  ['delete', words('delete remove rm drop purge clear erase destroy unlink wipe truncate')],
  [
    'send',
    words(`send mail email sms message notify notification reply answer submit forward publish tweet share call upload post
      webhook request broadcast`),
  ],
  [
    'write',
    words(`write edit create update set add insert put patch apply replace save append rename move copy upsert modify
      change mkdir touch book reserve cancel schedule register assign close open merge commit push editor load complete finish`),
  ],
  ['exec', words('run execute eval evaluate spawn launch start interpreter notebook')],
];
/** Verbs that are no nouns: they count behind a verb of reading, as in `search_replace`. */
const strict = words(
  'delete remove replace write edit create send insert append add apply drop execute out in',
);
/** What an agent does for itself, or to end its work. */
const own = words('think thought plan todo todos scratchpad');
const ending = words(
  'submit answer finish finished done final complete completed completion attempt task result end',
);
const fetching = words('fetch browse browser visit navigate crawl scrape download url http curl wget web');

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** Whether a tool is by its name one with which an agent thinks or ends its work, so that its calls touch nothing. */
export function actsOnNothing(name: string): boolean {
  return endsOrThinks(wordsOf(name));
}

const endsOrThinks = (said: readonly string[]): boolean =>
  said.some((word) => own.has(word)) || (said.length > 0 && said.every((word) => ending.has(word)));

/** Whether a tool is by its name one that runs tests. */
export const namesTests = (name: string): boolean =>
  wordsOf(name).some((word) => /^(pytest|tests?)$/.test(word));

/** Whether a tool is by its name one with which an agent asks a person. */
export const namesAsking = (name: string): boolean =>
  /(ask|prompt|question|consult|query)_(the_)?(user|human|customer|person|question|clarification|for_help|expert)|clarif|human_(input|help|feedback)|user_input|request_(input|feedback|help)/.test(
    wordsOf(name).join('_'),
  );

/** Which built-in tool a tool is like by its name, so that the rules on that one hold for it. */
export function builtinLike(name: string): 'bash' | 'str_replace_based_edit_tool' | undefined {
  if (name === builtinTools.bash || name === builtinTools.edit) return name;
  const said = wordsOf(name);
  const looks = effectOfWords(said.slice(0, 1)) === 'read' || said.includes('output');
  if (!looks && (said.some((word) => shellWords.has(word)) || interpreterIn(said) !== undefined))
    return builtinTools.bash;
  const effect = effectOfWords(said);
  const isFile =
    said.some((word) => /^(files?|notebook|editor|patch)$/.test(word)) ||
    /^(read|write|edit|view|multi_?edit)$/.test(said.join('_'));
  const touches = effect === 'write' || effect === 'read' || effect === 'delete';
  return isFile && touches ? builtinTools.edit : undefined;
}

const texts =
  'command cmd commands keystrokes shell_command command_line script code input program source text argv args';

/** The argument in which a shell is given what to run; undefined where the tool is no shell, or none of them can be that. */
export function shellKey(tool: string, args: JsonObject): string | undefined {
  if (builtinLike(tool) !== builtinTools.bash) return undefined;
  const named = texts.split(' ').find((key) => typed(key, args[key]) !== undefined);
  const [only, ...others] = Object.keys(args).filter((key) => typeof args[key] === 'string');
  return named ?? (others.length === 0 ? only : undefined);
}

/** The shell text of a call: what was typed, an argument vector quoted, or program text as its interpreter takes it. */
export function shellText(tool: string, args: JsonObject): string | undefined {
  const key = shellKey(tool, args);
  const text = key === undefined ? undefined : typed(key, args[key]);
  if (text === undefined) return undefined;
  const said = wordsOf(tool);
  const language = typeof args.language === 'string' ? args.language.toLowerCase() : undefined;
  const isShell =
    said.some((word) => shellWords.has(word)) || (language !== undefined && shellWords.has(language));
  const runs = interpreterIn(language === undefined ? said : [language]);
  return runs === undefined || isShell ? text : `${runs} ${quoted(text)}`;
}

/** What runs program text of the kind that a name speaks of; `node` and `code` are things, too, where nothing is run. */
function interpreterIn(said: readonly string[]): string | undefined {
  const runs =
    said.length === 1 || said.some((word) => /^(exec\w*|run|eval\w*|interpreter|repl)$/.test(word));
  const word = said.find((one) => Object.hasOwn(interpreters, one) && (runs || /python|jupyter/.test(one)));
  return word && interpreters[word];
}

function typed(key: string, value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const parts = value.map((one) =>
    typeof one === 'object' && one !== null
      ? Object.values(one).find((part) => typeof part === 'string')
      : one,
  );
  if (!parts.every((part) => typeof part === 'string')) return undefined;
  return key === 'commands' ? parts.join('\n') : parts.map(quoted).join(' ');
}

const quoted = (text: string) =>
  /^[\w./=:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const paths = ['path', 'file_path', 'filepath', 'filename', 'file', 'target_file', 'notebook_path'];

/** The file that a file tool names, and what it would do to it; undefined where the tool is none or names none. */
export function fileTouched(
  tool: string,
  args: JsonObject,
): { path: string; does: 'reads' | 'writes' | 'deletes' } | undefined {
  if (builtinLike(tool) !== builtinTools.edit) return undefined;
  const path = paths.map((key) => args[key]).find((value) => typeof value === 'string');
  if (path === undefined) return undefined;
  if (args.command === 'view') return { path, does: 'reads' };
  const effect = tool === builtinTools.edit ? 'write' : effectOfWords(wordsOf(tool));
  return { path, does: effect === 'read' ? 'reads' : effect === 'delete' ? 'deletes' : 'writes' };
}

/**
 * What a tool does whose name and arguments both say it: a shell that takes a command, a file tool that takes a path, a search, a fetch,
 * or one with which an agent thinks; undefined where they do not.
 */
export function knownEffect(name: string, inputSchema: JsonObject): ToolEffect | undefined {
  const { properties } = inputSchema;
  const takes = Object.keys(typeof properties === 'object' && properties !== null ? properties : {});
  const takesOneOf = (names: readonly string[]) => names.some((one) => takes.includes(one));
  const like = builtinLike(name);
  if (like === builtinTools.bash && takesOneOf(texts.split(' '))) return guessEffect(name, '');
  if (like === builtinTools.edit && takesOneOf(paths)) return guessEffect(name, '');
  const said = wordsOf(name);
  if (said.some((word) => own.has(word))) return toolEffect.parse({ effect: 'read' });
  const guess = guessEffect(name, '');
  if (guess?.effect !== 'read') return undefined;
  const looks = takesOneOf([...paths, 'pattern', 'query', 'glob', 'regex', 'dir_path', 'url', 'urls']);
  return looks ? guess : undefined;
}

/**
 * What a tool of which nobody declared it does, as far as its name or else its description lets guess; undefined
 * where they do not. A guess, never a declaration.
 */
export function guessEffect(name: string, description: string): ToolEffect | undefined {
  const said = wordsOf(name);
  if (builtinLike(name) === builtinTools.bash) return toolEffect.parse({ effect: 'exec', reversible: false });
  const named = effectOfWords(said);
  if (said.some((word) => fetching.has(word)) && (named ?? 'read') === 'read')
    return toolEffect.parse({ effect: 'read', scope: 'external' });
  const effect = named ?? effectOfText(description);
  if (effect === undefined) return undefined;
  return toolEffect.parse({
    effect,
    reversible: effect === 'read' || effect === 'write' || effect === 'grant',
    scope: effect === 'send' || effect === 'spend' ? 'external' : 'local',
    privilege: effect === 'grant',
  });
}

function effectOfWords(said: readonly string[]): EffectClass | undefined {
  if (endsOrThinks(said)) return 'read';
  const told = said.flatMap((word, at) => {
    const effect = effects.find(([, verbs]) => verbs.has(word))?.[0];
    return effect === undefined && !strict.has(word) ? [] : [{ effect, word, at }];
  });
  const [first] = told.filter(({ effect }) => effect !== undefined);
  if (first?.effect !== 'read') return told.find(({ effect }) => effect === 'grant')?.effect ?? first?.effect;
  // `get_or_create` creates, `search_replace` replaces, `check_out` is no look.
  const joined = said.findIndex((word) => word === 'or' || word === 'and');
  const later = told.find(
    ({ word, at }) => at > first.at && (strict.has(word) || (joined > 0 && at > joined)),
  );
  return later ? (later.effect ?? 'write') : 'read';
}

/** A description that begins with a word of reading, and says nothing else, is of a tool that reads. */
function effectOfText(description: string): EffectClass | undefined {
  const said = wordsOf(description.replace(/[.:/]/g, ' ')).map((word) => word.replace(/(?<=[^s])s$/, ''));
  const told = said.flatMap((word) => effectOfWords([word]) ?? []);
  return told[0] === 'read' ? (told.find((effect) => effect !== 'read') ?? 'read') : told[0];
}
