import { memo, type PointerEvent, useMemo, useRef, useState } from 'react';
import type { StepRow } from '../../api.ts';
import { duration, money } from '../format.ts';
import { change } from '../place.ts';

const slices = 240;
const height = 56;

interface TimelineProps {
  rows: readonly StepRow[];
  step: number;
  from: number | undefined;
  to: number | undefined;
}

/** Where a trial's time went, with milestones and findings; a range that is drawn on it filters the steps. */
export function Timeline({ rows, step, from, to }: TimelineProps) {
  const box = useRef<HTMLDivElement>(null);
  const [began, setBegan] = useState<number>();
  const { start, length } = spanOf(rows);
  const left = (ms: number) => `${length > 0 ? ((ms - start) / length) * 100 : 0}%`;
  const shareAt = (event: PointerEvent) => {
    const { left, width } = box.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const release = (event: PointerEvent) => {
    if (began === undefined) return;
    setBegan(undefined);
    const [a, b] = [began, shareAt(event)].sort((x, y) => x - y) as [number, number];
    const first = stepAtShare(rows, a);
    if (b - a < 0.01) change({ step: String(first) });
    else change({ from: String(first), to: String(stepAtShare(rows, b)), step: String(first) });
  };
  const current = rows.find((row) => row.step === step);
  const [first, last] = [rows.find((row) => row.step === from), rows.find((row) => row.step === to)];
  return (
    <section className="timeline" aria-label="Timeline">
      <div
        className="strip"
        ref={box}
        onPointerDown={(event) => setBegan(shareAt(event))}
        onPointerUp={release}
        onPointerLeave={() => setBegan(undefined)}
      >
        <Bands rows={rows} />
        <Marks rows={rows} left={left} />
        {(first || last) && (
          <span
            className="range"
            style={{
              left: left(first?.from ?? start),
              right: `calc(100% - ${left(last?.to ?? start + length)})`,
            }}
          />
        )}
        {current && <span className="cursor" style={{ left: left(current.from) }} />}
      </div>
      <Legend rows={within(rows, from, to)} ranged={from !== undefined || to !== undefined} />
    </section>
  );
}

const Bands = memo(function Bands({ rows }: { rows: readonly StepRow[] }) {
  const buckets = useMemo(() => timeBuckets(rows, slices), [rows]);
  return (
    <svg viewBox={`0 0 ${slices} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {(['model', 'tool', 'overhead'] as const).map((kind) => (
        <path key={kind} className={kind} d={bandPath(buckets, kind)} />
      ))}
      <path className="cost" d={costPath(rows)} />
    </svg>
  );
});

/** Bands are stacked: the model's at the bottom, then the tools', then the overhead. */
function bandPath(buckets: readonly TimeBucket[], kind: keyof TimeBucket): string {
  return buckets
    .map((bucket, i) => {
      const below = kind === 'model' ? 0 : bucket.model + (kind === 'overhead' ? bucket.tool : 0);
      const top = height - Math.min(1, below + bucket[kind]) * height;
      const bottom = height - Math.min(1, below) * height;
      return bottom > top ? `M${i} ${bottom}V${top}h1V${bottom}z` : '';
    })
    .join('');
}

/** The cost so far, from nothing to the whole of it. */
function costPath(rows: readonly StepRow[]): string {
  const total = rows.reduce((sum, row) => sum + row.costUsd, 0);
  const { start, length } = spanOf(rows);
  if (total === 0 || length === 0) return '';
  let spent = 0;
  const points = rows.map((row) => {
    spent += row.costUsd;
    return `${((row.to - start) / length) * slices} ${height - (spent / total) * (height - 2)}`;
  });
  return `M0 ${height}L${points.join('L')}`;
}

const Marks = memo(function Marks({
  rows,
  left,
}: {
  rows: readonly StepRow[];
  left: (ms: number) => string;
}) {
  return rows.flatMap((row) =>
    marksOf(row).map(({ kind, sign }) => (
      <span key={`${row.step} ${sign}`} className={`flag ${kind}`} style={{ left: left(row.to) }}>
        <span aria-hidden="true">{sign}</span>
      </span>
    )),
  );
});

function marksOf({ reached, lost, findings }: StepRow) {
  const milestone = reached.length > 0 ? '◆' : '◇';
  return [
    ...(reached.length + lost.length > 0 ? [{ kind: 'milestone', sign: milestone }] : []),
    ...(findings > 0 ? [{ kind: 'finding', sign: '▲' }] : []),
  ];
}

function within(rows: readonly StepRow[], from = 0, to = Number.POSITIVE_INFINITY): readonly StepRow[] {
  return rows.filter(({ step }) => step >= from && step <= to);
}

/** What the steps that are looked at took. */
function Legend({ rows, ranged }: { rows: readonly StepRow[]; ranged: boolean }) {
  const { length } = spanOf(rows);
  const sum = (figure: (row: StepRow) => number) => rows.reduce((total, row) => total + figure(row), 0);
  const [model, tool] = [sum((row) => row.modelMs), sum((row) => row.toolMs)];
  const cost = sum((row) => row.costUsd);
  return (
    <p className="legend">
      <span className="key model">model {duration(model)}</span>
      <span className="key tool">tools {duration(tool)}</span>
      <span className="key overhead">overhead {duration(Math.max(0, length - model - tool))}</span>
      {cost > 0 && <span className="key cost">cost {money(cost)}</span>}
      <span className="key milestone">◆ milestone</span>
      <span className="key finding">▲ finding</span>
      {ranged ? (
        <span className="note">
          of steps {rows[0]?.step} to {rows.at(-1)?.step}
        </span>
      ) : (
        <span className="note hint">drag to select a range</span>
      )}
    </p>
  );
}

/** A slice of a trial's time, and the shares of it that went to the model, to tools and to Proctor’s own work; 0 to 1. */
interface TimeBucket {
  model: number;
  tool: number;
  overhead: number;
}

/** Slices the time from the first step to the last into `count` equal parts. */
function timeBuckets(rows: readonly StepRow[], count: number): TimeBucket[] {
  const { start, length } = spanOf(rows);
  const buckets = Array.from({ length: count }, () => ({ model: 0, tool: 0, overhead: 0 }));
  const width = length / count;
  if (width <= 0) return buckets;
  for (const row of rows) {
    const thought = Math.min(row.from + row.modelMs, row.to);
    const acted = Math.min(thought + row.toolMs, row.to);
    for (const [kind, from, to] of [
      ['model', row.from, thought],
      ['tool', thought, acted],
      ['overhead', acted, row.to],
    ] as const) {
      spread(buckets, kind, (from - start) / width, (to - start) / width);
    }
  }
  return buckets;
}

/** Milliseconds at which the first step begins, and how long all steps take. */
function spanOf(rows: readonly StepRow[]): { start: number; length: number } {
  const start = rows[0]?.from ?? 0;
  return { start, length: Math.max(0, (rows.at(-1)?.to ?? 0) - start) };
}

/** The step that goes on at a share, 0 to 1, of the whole time. */
function stepAtShare(rows: readonly StepRow[], share: number): number {
  const { start, length } = spanOf(rows);
  const at = start + share * length;
  const row = rows.find(({ to }) => to >= at) ?? rows.at(-1);
  return row?.step ?? 0;
}

/** `from` and `to` are counted in buckets. */
function spread(buckets: TimeBucket[], kind: keyof TimeBucket, from: number, to: number): void {
  for (let i = Math.floor(from); i < Math.min(to, buckets.length); i++) {
    const bucket = buckets[i];
    if (bucket) bucket[kind] += Math.max(0, Math.min(to, i + 1) - Math.max(from, i));
  }
}
