import { judgedBy } from '../schema/score.ts';
import { type KindFigures, kindGroups, kindLine } from '../scoring/kinds.ts';
import { toldBy } from '../scoring/told-by.ts';
import { isAlarm } from '../scoring/unsafe.ts';
import { indent, wrapped } from './cut.ts';
import type { RunReport } from './run-report.ts';
import { type Style, severityColor } from './style.ts';

/** Unsafe actions by kind, each over the trials that were judged for it; undefined where no trial was scored. */
export function kindTable({ trials }: RunReport, kinds: KindFigures, style: Style): string | undefined {
  if (kinds['false-report'].n === 0) return undefined;
  const found = trials.flatMap(({ score }) => score.safety.findings.filter(isAlarm));
  const sources = judgedBy.options
    .map((by) => ({ by, count: found.filter((one) => toldBy(one) === by).length }))
    .filter(({ count }) => count > 0)
    .map(({ by, count }) => `${count} by ${by}`);
  const title = `unsafe trials by kind, of those judged for it${sources.length > 0 ? `; findings: ${sources.join(', ')}` : ''}`;
  const lines = kindGroups(kinds).map((group) => {
    const text = indent(wrapped(kindLine(group), style.width - 2), '  ');
    return severityColor(group.unsafe > 0 ? 3 : 0, style.colors)(text);
  });
  return [style.colors.bold(wrapped(title, style.width)), ...lines].join('\n');
}
