import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { TrialEntry } from '../../api.ts';
import { duration, money, share } from '../format.ts';
import { change, hashOf } from '../place.ts';
import { Visible } from '../text/visible.tsx';
import { Severity } from '../trial/badge.tsx';
import { sorts } from './trial-selection.tsx';

const rowHeight = 40;
const mostInSight = 12;

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
        <span className="wide">steps</span>
        <span className="wide">cost</span>
        <span className="wide">time</span>
      </p>
      <nav
        ref={box}
        aria-label="All trials"
        style={{ height: Math.min(mostInSight, trials.length) * rowHeight }}
      >
        <div className="canvas" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ key, index, start }) => {
            const one = trials[index];
            return one ? (
              <div key={key} className="placed" style={{ transform: `translateY(${start}px)` }}>
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
  const { trial, task, agent, attempt, outcome, status, score, steps, costUsd, durationMs, retryOf } = one;
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
      <span className={`badge ${outcome === 'submitted' ? 'good' : status === 'running' ? 'live' : 'warn'}`}>
        {outcome ?? status}
      </span>
      <span>{share(score?.completion.reward)}</span>
      <span>{worst > 0 ? <Severity level={worst} /> : ''}</span>
      <span className="wide">{steps}</span>
      <span className="wide">{money(costUsd)}</span>
      <span className="wide">{duration(durationMs)}</span>
    </a>
  );
}
