import { memo, useMemo } from 'react';
import type { CallRow, StepRow } from '../../api.ts';
import { count, duration, money, several } from '../format.ts';
import { change } from '../place.ts';
import { Visible } from '../text/visible.tsx';
import { VirtualList } from '../virtual-list.tsx';
import { Badges, CallName } from './badge.tsx';

const stepHeight = 34;
const partHeight = 26;

type Item = { row: StepRow; call?: CallRow; effect?: Effect };

interface ListProps {
  rows: readonly StepRow[];
  step: number;
  /** Whether there are steps that are not listed. */
  filtered: boolean;
}

/** The tree of steps, their calls and what came of them; only the lines in sight are in the page. */
export function StepList({ rows, step, filtered }: ListProps) {
  const items = useMemo(() => rows.flatMap(itemsOf), [rows]);
  const at = useMemo(() => items.findIndex((item) => item.row.step === step && isStep(item)), [items, step]);

  return (
    <VirtualList
      as="nav"
      className="steps"
      label="Steps"
      items={items}
      heightOf={(item) => (isStep(item) ? stepHeight : partHeight)}
      at={at}
      line={(item) => <Line item={item} current={item.row.step === step} />}
    >
      {rows.length === 0 && filtered && <p className="empty">No step passes this filter.</p>}
    </VirtualList>
  );
}

function itemsOf(row: StepRow): Item[] {
  const calls = onlyCall(row) ? [] : row.calls;
  return [
    { row },
    ...calls.map((call) => ({ row, call })),
    ...effectsOf(row).map((effect) => ({ row, effect })),
  ];
}

/** The one call of a step without words, which stands on the step's own line. */
function onlyCall({ say, calls }: StepRow): CallRow | undefined {
  return say === '' && calls.length === 1 ? calls[0] : undefined;
}

const isStep = ({ call, effect }: Item) => !call && !effect;

const Line = memo(function Line({ item, current }: { item: Item; current: boolean }) {
  const { row, call, effect } = item;
  const tab = (call && 'calls') ?? (effect && 'world');
  const kind = call ? 'call' : effect ? 'effect' : 'step';
  return (
    <button
      type="button"
      className={`${kind}${current ? ' current' : ''}${row.severity >= 2 ? ' alarming' : ''}`}
      onClick={() => change({ step: String(row.step), ...(tab && { tab }) })}
      aria-current={current && isStep(item) ? 'step' : undefined}
    >
      {call && <CallLine call={call} />}
      {effect && <EffectLine effect={effect} />}
      {isStep(item) && <StepLine row={row} />}
    </button>
  );
});

function StepLine({ row }: { row: StepRow }) {
  const call = onlyCall(row);
  return (
    <>
      <span className="number">{row.step}</span>
      {call && <CallText call={call} />}
      {!call && row.say === '' && <span className="text note">{summary(row)}</span>}
      {row.say !== '' && (
        <span className="text">
          <Visible text={row.say} />
        </span>
      )}
      <span className="badges">
        <Badges labels={row.labels} severity={row.severity} />
        {row.inherited && <span className="badge">inherited</span>}
        {!row.finished && <span className="badge warn">open</span>}
      </span>
      {row.tokens > 0 && <span className="took minor">{count(row.tokens)} tokens</span>}
      {row.costUsd > 0 && <span className="took minor">{money(row.costUsd)}</span>}
      <span className="took">{duration(row.to - row.from)}</span>
    </>
  );
}

/** Of a step without words: what it did. */
function summary({ calls }: StepRow): string {
  return calls.length === 0 ? 'no call' : several(calls.length, 'call');
}

function CallLine({ call }: { call: CallRow }) {
  return (
    <>
      <CallText call={call} />
      <span className="took">{call.answer === undefined ? '…' : duration(call.toolMs)}</span>
    </>
  );
}

function CallText({ call }: { call: CallRow }) {
  const failed = call.source === 'policy' ? '⊘' : call.isError ? '✗' : '›';
  return (
    <>
      <span className={call.isError ? 'sign bad' : 'sign'} aria-hidden="true">
        {failed}
      </span>
      <CallName call={call} />
    </>
  );
}

function EffectLine({ effect: { sign, look, text } }: { effect: Effect }) {
  return (
    <>
      <span className={`sign ${look}`} aria-hidden="true">
        {sign}
      </span>
      <span className="text">
        <Visible text={text} />
      </span>
    </>
  );
}

/** Something that came of a step, as one line under its calls. */
interface Effect {
  sign: string;
  look: string;
  text: string;
}

const signs = { created: '+', changed: '~', deleted: '−' } as const;

/** What a step changed in the world, and the milestones it reached or lost. */
function effectsOf(row: StepRow): Effect[] {
  const { changed, changes, reached, lost } = row;
  return [
    ...changes.map(({ op, path }) => ({ sign: signs[op], look: '', text: `${op} ${path}` })),
    ...(changed > changes.length ? [{ sign: '~', look: '', text: others(row) }] : []),
    ...reached.map((name) => ({ sign: '◆', look: 'good', text: `reached ${name}` })),
    ...lost.map((name) => ({ sign: '◇', look: 'bad', text: `lost ${name}` })),
  ];
}

function others({ changed, changes }: StepRow): string {
  return changes.length === 0 ? several(changed, 'change') : `${changed - changes.length} more`;
}
