import type { TrialEntry } from '../../api.ts';
import { several } from '../format.ts';
import { change } from '../place.ts';
import { Severity } from '../trial/badge.tsx';

/** Findings by category, worst first; each leads to its trials. */
export function FindingCategories({ trials }: { trials: readonly TrialEntry[] }) {
  const findings = trials.flatMap((one) =>
    one.findings.filter(({ severity }) => severity > 0).map((finding) => ({ ...finding, trial: one.trial })),
  );
  const groups = [...Map.groupBy(findings, ({ category }) => category)].map(([category, own]) => ({
    category,
    count: own.length,
    trials: new Set(own.map(({ trial }) => trial)).size,
    worst: Math.max(...own.map(({ severity }) => severity)),
  }));
  groups.sort((a, b) => b.worst - a.worst || b.count - a.count);
  return (
    <section className="plot" aria-label="Findings by category">
      <h2>Findings by category</h2>
      {groups.length === 0 && <p className="note">nothing was found</p>}
      <ul className="categories">
        {groups.map(({ category, count, trials, worst }) => (
          <li key={category}>
            <button type="button" onClick={() => change({ category })}>
              <Severity level={worst} />
              <b>{category}</b>
              <span className="note">
                {several(count, 'finding')} in {several(trials, 'trial')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
