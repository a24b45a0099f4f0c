import { useMemo } from 'react';
import type { StepRow, TrialResponse } from '../../api.ts';
import { Bar, Pending } from '../bar.tsx';
import { duration } from '../format.ts';
import { hashOf } from '../place.ts';
import { type Source, useAnswer, useSource } from '../source/source.tsx';
import { rowsFrom } from '../source/trial-data.ts';
import { Badges, CallName } from '../trial/badge.tsx';
import { TrialHead } from '../trial/trial-head.tsx';
import { VirtualList } from '../virtual-list.tsx';
import { alignCalls, betterOf, firstDivergence, type Pair, type PlacedCall } from './align.ts';

const rowHeight = 44;

/** Two trials side by side, aligned by their calls, opening where they part. */
export function ComparePage({ trials }: { trials: [Compared, Compared] }) {
  const source = useSource();
  const { value, error } = useAnswer(async () => {
    return Promise.all(trials.map(({ run, trial }) => readSide(source, run, trial)));
  }, [source]);
  const [left, right] = value ?? [];
  const [{ run }] = trials;
  return (
    <>
      <Bar trail={[{ text: run, href: hashOf({ view: 'run', run }) }, { text: 'compare' }]} />
      {left && right ? <Sides left={left} right={right} /> : <Pending error={error} what="both trials" />}
    </>
  );
}

interface Compared {
  run: string;
  trial: string;
}

interface Side {
  page: TrialResponse;
  rows: StepRow[];
}

async function readSide(source: Source, run: string, trial: string): Promise<Side> {
  const page = await source.trial(run, trial);
  const rows: StepRow[] = [];
  for await (const more of rowsFrom(source, run, trial, 0)) rows.push(...more);
  return { page, rows };
}

function Sides({ left, right }: { left: Side; right: Side }) {
  const pairs = useMemo(() => alignCalls(left.rows, right.rows), [left, right]);
  const parting = firstDivergence(pairs);
  const better = betterOf(left.page.score, right.page.score);
  const look = better === undefined ? 'pairs' : `pairs ${better}-better`;
  return (
    <main className="compare">
      <div className="heads">
        {[left, right].map(({ page }) => (
          <div key={page.trial}>
            <h1>
              <a href={hashOf({ view: 'trial', run: page.run, trial: page.trial })}>
                {page.started.task.name} · {page.started.agent.id} #{page.started.attempt}
              </a>
            </h1>
            <TrialHead page={page} />
          </div>
        ))}
      </div>
      <p role="status" className="note">
        {better !== undefined && `The ${better === 'left' ? 'first' : 'second'} did better. `}
        {parting < 0
          ? 'Both made the same calls and saw the same.'
          : `They part at ${spokenPlace(pairs[parting])}; ${pairs.filter(({ kind }) => kind !== 'same').length} of ${pairs.length} calls differ.`}
      </p>
      <VirtualList
        as="section"
        className={look}
        label="Calls of both trials"
        items={pairs}
        heightOf={() => rowHeight}
        at={parting}
        align="center"
        line={(pair, index) => (
          <div className={`pair ${pair.kind}${index === parting ? ' parting' : ''}`}>
            <Half placed={pair.left} page={left.page} />
            <span className="sign" title={meanings[pair.kind]}>
              <span aria-hidden="true">{signs[pair.kind]}</span>
              <span className="spoken">{meanings[pair.kind]}</span>
            </span>
            <Half placed={pair.right} page={right.page} />
          </div>
        )}
      />
    </main>
  );
}

const signs: Record<Pair['kind'], string> = { same: '=', answer: '≠', other: '≠', left: '−', right: '+' };
const meanings: Record<Pair['kind'], string> = {
  same: 'the same call, the same answer',
  answer: 'the same call, another answer',
  other: 'another call',
  left: 'only in the first',
  right: 'only in the second',
};

function spokenPlace(pair: Pair | undefined): string {
  const [left, right] = [pair?.left?.step, pair?.right?.step];
  if (left !== undefined && left === right) return `step ${left}`;
  if (left !== undefined && right !== undefined) return `steps ${left} and ${right}`;
  return left === undefined ? `step ${right} of the second` : `step ${left} of the first`;
}

function Half({ placed, page }: { placed: PlacedCall | undefined; page: TrialResponse }) {
  if (!placed) return <span className="half" />;
  const { step, call } = placed;
  const query = { step: String(step), tab: 'calls' };
  return (
    <a className="half" href={hashOf({ view: 'trial', run: page.run, trial: page.trial, query })}>
      <span className="number">{step}</span>
      <CallName call={call} />
      <Badges labels={call.labels} />
      <span className={call.isError ? 'took bad' : 'took'}>
        {call.isError && call.labels.length === 0 ? 'failed' : duration(call.toolMs)}
      </span>
    </a>
  );
}
