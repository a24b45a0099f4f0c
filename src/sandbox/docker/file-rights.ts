import type { FileEntry, RightsTree, SurveyedRights } from '../sandbox.ts';
import { shellWordOnOneLine } from '../shell-word.ts';

/** An entry as a survey found it; `key` is another one whenever the entry has changed, unless that was just now. */
interface OwnedEntry {
  /** Bytes of the path as latin1. */
  path: string;
  entry: FileEntry;
  key: string;
  owner: string;
  inode: string;
  fresh: boolean;
}

interface KnownRights {
  /** Empty where another change might not show in it. */
  key: string;
  rights: SurveyedRights;
}

/** More entries than this have their access lists read by a walk of their own instead of by name. */
const maxNamed = 200;
const yes = 'lists access\n';

/** Keeps the owners and access lists of surveyed entries. Lists are read of changed entries only, and where the image can. */
export class RightsKeeper {
  readonly #run: (command: string) => Promise<string>;
  readonly #known = new Map<string, KnownRights>();
  #canList: boolean | undefined;

  constructor(run: (command: string) => Promise<string>) {
    this.#run = run;
  }

  /** What the next survey's command has to end with. */
  get question(): string {
    return this.#canList === undefined ? `; command -v getfacl >/dev/null && printf '${yes.trim()}\\n'` : '';
  }

  /** The rights of what a survey found below paths given as shell words, whose output may answer the question. */
  async of(found: readonly OwnedEntry[], pathWords: string, output: string): Promise<RightsTree> {
    this.#canList ??= output.endsWith(yes);
    const changed = found.filter(({ path, key }) => this.#known.get(path)?.key !== key);
    const lists = this.#canList ? await this.#lists(changed, pathWords) : new Map<string, string[]>();
    for (const { path, key, owner, inode, fresh } of changed) {
      const acl = lists.get(path);
      const rights = { owner, inode, ...(acl && { acl }) };
      const known = this.#known.get(path)?.rights;
      const same = known && JSON.stringify(known) === JSON.stringify(rights);
      this.#known.set(path, { key: fresh ? '' : key, rights: same ? known : rights });
    }
    return new Map(
      found.flatMap(({ path }) => {
        const known = this.#known.get(path);
        return known ? [[Buffer.from(path, 'latin1').toString(), known.rights]] : [];
      }),
    );
  }

  async #lists(changed: readonly OwnedEntry[], pathWords: string): Promise<Map<string, string[]>> {
    const named = changed.filter(({ entry }) => entry.type !== 'link').map(({ path }) => path);
    if (named.length === 0) return new Map();
    const what = named.length > maxNamed ? `-RP ${pathWords}` : named.map(shellWordOnOneLine).join(' ');
    return parseLists(await this.#run(`getfacl -spn ${what} 2>/dev/null`));
  }
}

/** Path → what its access list grants by name, by the output of `getfacl -n`; a mask takes from what is granted. */
export function parseLists(output: string): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const block of output.split('\n\n')) {
    const [, name] = /^# file: (.*)$/m.exec(block) ?? [];
    const granted = [
      ...block.matchAll(/^((?:default:)?(?:user|group):\d+:)(\S{3})(?:\s+#effective:(\S{3}))?$/gm),
    ];
    if (name === undefined || granted.length === 0) continue;
    const path = name.replaceAll(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
    lists.set(path, granted.map(([, who = '', all = '', effective = all]) => who + effective).sort());
  }
  return lists;
}
