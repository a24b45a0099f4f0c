import type { Capability, Flip, PairComparison } from '../../../schema/comparison.ts';
import { several } from '../format.ts';
import { change } from '../place.ts';
import { standsIn } from '../run/trial-selection.tsx';
import { SearchField } from '../search-field.tsx';

type Query = Readonly<Record<string, string>>;

/** Which capabilities and flips are shown, by a text in the names of tasks and by tag; both stand in the address. */
export function TaskFilter({ pair, query }: { pair: PairComparison; query: Query }) {
  const tags = pair.capabilities.flatMap(tagsOf).sort();
  const { q, tag } = query;
  const shown = wantedParts(pair, query);
  return (
    <section className="filter" aria-label="Filters">
      <SearchField label="Filter tasks" hint="task…" value={q} />
      {tags.length > 0 && (
        <label>
          tag{' '}
          <select value={tag ?? ''} onChange={(event) => change({ tag: event.target.value })}>
            <option value="">any</option>
            {tags.map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
      )}
      {(q || tag) && (
        <button type="button" className="quiet" onClick={() => change({ q: '', tag: '' })}>
          all tasks
        </button>
      )}
      <span className="note" role="status">
        {several(shown.capabilities.length, 'group')} and {several(shown.flips.length, 'flip')}
      </span>
    </section>
  );
}

/** The flips of the tasks that an address filters, and the capabilities that have such a task; their figures are those of all their tasks. */
export function wantedParts(
  { capabilities, flips }: PairComparison,
  { q = '', tag }: Query,
): { capabilities: Capability[]; flips: Flip[] } {
  const tagged = tag ? capabilities.find((one) => tagsOf(one).includes(tag))?.tasks : undefined;
  const isWanted = (task: string) => standsIn(q, task) && (!tag || (tagged?.includes(task) ?? false));
  return {
    capabilities: capabilities.filter(({ tasks }) => tasks.some(isWanted)),
    flips: flips.filter(({ task }) => isWanted(task)),
  };
}

/** The tags that a capability stands for. */
const tagsOf = ({ by, value, also }: Capability): string[] =>
  [`${by} ${value}`, ...also].flatMap((name) => (name.startsWith('tag ') ? [name.slice(4)] : []));
