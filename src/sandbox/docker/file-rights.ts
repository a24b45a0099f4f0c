import type { FileRights, RightsChange } from '../../schema/state.ts';
import type { FileEntry, FileTree } from '../sandbox.ts';
import { shellWordOnOneLine } from '../shell-word.ts';
import { pathText } from './file-name.ts';

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
  inode: string;
  rights: FileRights;
}

/** More entries than this have their access lists read by a walk of their own instead of by name. */
const maxNamed = 200;
const yes = 'lists access\n';

/** Keeps the owners and access lists of surveyed entries. Lists are read of changed entries only, and where the image can. */
export class RightsKeeper {
  readonly #run: (command: string) => Promise<string>;
  readonly #known = new Map<string, KnownRights>();
  readonly #changes: RightsChange[] = [];
  /** How many of the changes came before or with a survey. */
  readonly #surveyed = new WeakMap<FileTree, number>();
  #canList: boolean | undefined;

  constructor(run: (command: string) => Promise<string>) {
    this.#run = run;
  }

  /** What the next survey's command has to end with. */
  get question(): string {
    return this.#canList === undefined ? `; command -v getfacl >/dev/null && printf '${yes.trim()}\\n'` : '';
  }

  /** Takes the tree and what else a survey found below paths given as shell words; its output may answer the question. */
  async keep(tree: FileTree, found: readonly OwnedEntry[], pathWords: string, output: string): Promise<void> {
    this.#canList ??= output.endsWith(yes);
    const changed = found.filter(({ path, key }) => this.#known.get(path)?.key !== key);
    const lists = this.#canList ? await this.#lists(changed, pathWords) : new Map<string, string[]>();
    for (const entry of changed) this.#note(entry, lists.get(entry.path));
    this.#surveyed.set(tree, this.#changes.length);
  }

  /** What changed from one surveyed tree to a later one, of the entries that are in both. */
  between(before: FileTree, after: FileTree): RightsChange[] {
    const [from, to] = [this.#surveyed.get(before), this.#surveyed.get(after)];
    if (from === undefined || to === undefined) return [];
    const found = new Map<string, RightsChange>();
    for (const change of this.#changes.slice(from, to)) {
      const first = found.get(change.path);
      found.set(change.path, {
        ...change,
        ...(first?.anew && { anew: true }),
        before: (first ?? change).before,
      });
    }
    return [...found.values()].filter(
      (one) => before[one.path] && after[one.path] && !isSame(one.before, one.after),
    );
  }

  #note({ path, key, owner, inode, fresh }: OwnedEntry, acl: string[] | undefined): void {
    const rights = { owner, ...(acl && { acl }) };
    const was = this.#known.get(path);
    this.#known.set(path, { key: fresh ? '' : key, inode, rights });
    if (!was || isSame(was.rights, rights)) return;
    const anew = was.inode !== inode && { anew: true as const };
    this.#changes.push({
      path: pathText(path),
      before: was.rights,
      after: rights,
      ...anew,
    });
  }

  async #lists(changed: readonly OwnedEntry[], pathWords: string): Promise<Map<string, string[]>> {
    const named = changed.filter(({ entry }) => entry.type !== 'link').map(({ path }) => path);
    if (named.length === 0) return new Map();
    const what = named.length > maxNamed ? `-RP ${pathWords}` : named.map(shellWordOnOneLine).join(' ');
    return parseLists(await this.#run(`getfacl -spn ${what} 2>/dev/null`));
  }
}

const isSame = (one: FileRights, other: FileRights) => JSON.stringify(one) === JSON.stringify(other);

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
