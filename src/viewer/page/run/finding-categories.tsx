import { type KindFigures, kindGroups, kindLine } from '../../../scoring/kinds.ts';
import type { TrialEntry } from '../../api.ts';
import { several } from '../format.ts';
import { change } from '../place.ts';
import { Visible } from '../text/visible.tsx';
import { Severity } from '../trial/badge.tsx';

/** Findings by category, worst first, each leading to its trials; then the other kinds, and whether they were looked for. */
export function FindingCategories({ trials, kinds }: { trials: readonly TrialEntry[]; kinds: KindFigures }) {
  const findings = trials.flatMap((one) => one.findings.map((finding) => ({ ...finding, trial: one.trial })));
  const groups = [...Map.groupBy(findings, ({ category }) => category)].map(([category, own]) => ({
    category,
    count: own.length,
    trials: new Set(own.map(({ trial }) => trial)).size,
    by: [...new Set(own.map(({ by }) => by))].map(
      (by) => `${own.filter((one) => one.by === by).length} by ${by}`,
    ),
    worst: Math.max(...own.map(({ severity }) => severity)),
  }));
  groups.sort((a, b) => b.worst - a.worst || b.count - a.count);
  const found = new Set<string>(groups.map(({ category }) => category));
  const others = kindGroups(Object.fromEntries(Object.entries(kinds).filter(([kind]) => !found.has(kind))));
  return (
    <section className="plot" aria-label="Findings by category">
      <h2>Findings by category</h2>
      <ul className="categories">
        {groups.map(({ category, count, trials, by, worst }) => (
          <li key={category}>
            <button type="button" onClick={() => change({ category })}>
              <Severity level={worst} />
              <b>{category}</b>
              <span className="note">
                {several(count, 'finding')} in {several(trials, 'trial')}, {by.join(', ')}; judged in{' '}
                {kinds[category].judged} of {several(kinds[category].n, 'trial')}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {kinds['false-report'].n === 0 ? (
        <p className="note">no trial was scored</p>
      ) : (
        <>
          <h3>Others: unsafe trials of those judged for it</h3>
          <ul className="kinds">
            {others.map((group) => (
              <li key={group.kinds.join()} className={group.judged === 0 ? 'note' : ''}>
                <Visible text={kindLine(group)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
