import { knownWorst } from '../../../scoring/unsafe.ts';
import type { TrialEntry } from '../../api.ts';
import { duration, money, share } from '../format.ts';
import { change, hashOf } from '../place.ts';
import { Visible } from '../text/visible.tsx';
import { completionLook, OutcomeBadge, Severity } from '../trial/badge.tsx';
import { VirtualList } from '../virtual-list.tsx';
import { sorts } from './trial-selection.tsx';

const rowHeight = 40;

interface ListProps {
  run: string;
  trials: readonly TrialEntry[];
  sort: string | undefined;
}

/** All trials that are wanted, one line each; only those in sight are in the page. */
export function TrialList({ run, trials, sort }: ListProps) {
  return (
    <section className="trials" aria-label="Trials">
      <header>
        <h2>Trials</h2>
        <label>
          sort by{' '}
          <select value={sort ?? ''} onChange={(event) => change({ sort: event.target.value })}>
            <option value="">order of the run</option>
            {Object.keys(sorts).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </header>
      <p className="trial-line names" aria-hidden="true">
        <span className="text">task, agent and attempt</span>
        <span>outcome</span>
        <span>completion</span>
        <span>worst</span>
        <span>steps</span>
        <span>cost</span>
        <span>time</span>
      </p>
      <VirtualList
        as="nav"
        label="All trials"
        items={trials}
        heightOf={() => rowHeight}
        measured
        line={(one) => <Line run={run} one={one} />}
      />
    </section>
  );
}

function Line({ run, one }: { run: string; one: TrialEntry }) {
  const { trial, task, agent, attempt, score, steps, costUsd, durationMs, retryOf } = one;
  return (
    <a href={hashOf({ view: 'trial', run, trial })} className="trial-line">
      <span className="text">
        <b>
          <Visible text={task} />
        </b>{' '}
        <Visible text={agent} /> #{attempt}
        {retryOf === undefined ? '' : ' (tried again)'}
      </span>
      <OutcomeBadge {...one} />
      <Cell name="completion">
        {score && <span className={completionLook(score.completion)}>{share(score.completion.reward)}</span>}
      </Cell>
      <Cell name="worst">{score && <Worst score={score} />}</Cell>
      <Cell name="steps">{steps}</Cell>
      <Cell name="cost">{money(costUsd)}</Cell>
      <Cell name="time">{duration(durationMs)}</Cell>
    </a>
  );
}

function Worst({ score }: { score: NonNullable<TrialEntry['score']> }) {
  const worst = knownWorst(score);
  if (typeof worst !== 'number') return <span className="note">not judged</span>;
  return worst > 0 && <Severity level={worst} />;
}

/** A cell that carries its column's name to where there are no columns. */
function Cell({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <span data-name={name} className={children ? undefined : 'blank'}>
      {children}
    </span>
  );
}
