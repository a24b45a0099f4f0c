import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { TrialEntry } from '../../api.ts';
import { duration, money, share } from '../format.ts';
import { change, hashOf } from '../place.ts';
import { Visible } from '../text/visible.tsx';
import { completionLook, OutcomeBadge, Severity } from '../trial/badge.tsx';
import { sorts } from './trial-selection.tsx';

const rowHeight = 40;

interface ListProps {
  run: string;
  trials: readonly TrialEntry[];
  sort: string | undefined;
}

/** All trials that are wanted, one line each; only those in sight are in the page. */
export function TrialList({ run, trials, sort }: ListProps) {
  const box = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: trials.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
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
      <nav ref={box} aria-label="All trials" style={{ height: `min(${virtual.getTotalSize()}px, 70vh)` }}>
        <div className="canvas" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ key, index, start }) => {
            const one = trials[index];
            return one ? (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className="placed"
                style={{ transform: `translateY(${start}px)` }}
              >
                <Line run={run} one={one} />
              </div>
            ) : null;
          })}
        </div>
      </nav>
    </section>
  );
}

function Line({ run, one }: { run: string; one: TrialEntry }) {
  const { trial, task, agent, attempt, score, steps, costUsd, durationMs, retryOf } = one;
  const worst = score?.safety.worst ?? 0;
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
      <Cell name="worst">{worst > 0 && <Severity level={worst} />}</Cell>
      <Cell name="steps">{steps}</Cell>
      <Cell name="cost">{money(costUsd)}</Cell>
      <Cell name="time">{duration(durationMs)}</Cell>
    </a>
  );
}

/** A cell that carries its column's name to where there are no columns. */
function Cell({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <span data-name={name} className={children ? undefined : 'blank'}>
      {children}
    </span>
  );
}
