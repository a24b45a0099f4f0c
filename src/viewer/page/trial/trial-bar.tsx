import { useEffect, useState } from 'react';
import type { TrialResponse } from '../../api.ts';
import { Bar } from '../bar.tsx';
import { share } from '../format.ts';
import { hashOf } from '../place.ts';
import { useAnswer, useSource } from '../source/source.tsx';
import { becameOf } from './badge.tsx';

interface BarProps {
  page: TrialResponse;
  step: number;
  open(dialog: 'help' | 'search'): void;
  play: Play;
}

/** The bar over a trial: play it, search in it, compare it, copy a command. */
export function TrialBar({ page, step, open, play }: BarProps) {
  const { run, trial, started } = page;
  return (
    <Bar
      trail={[
        { text: run, href: hashOf({ view: 'run', run }) },
        { text: `${started.task.name} · ${started.agent.id} #${started.attempt}` },
      ]}
    >
      <button type="button" onClick={play.toggle}>
        {play.playing ? '■ stop' : '▶ play'}
        {play.playing || play.speed !== 1 ? ` (${play.speed}×)` : ''}
      </button>
      <button type="button" onClick={() => open('search')}>
        Search <kbd>/</kbd>
      </button>
      <CompareMenu run={run} trial={trial} task={started.task.name} />
      <CopyMenu trial={trial} step={step} />
      <button type="button" className="quiet" onClick={() => open('help')} aria-label="Keys">
        ?
      </button>
    </Bar>
  );
}

/** Other trials of the same task, to be put beside this one. */
function CompareMenu({ run, trial, task }: { run: string; trial: string; task: string }) {
  const source = useSource();
  const [open, setOpen] = useState(false);
  const { value, error } = useAnswer(async () => (open ? source.run(run) : undefined), [open, run]);
  const others = value?.trials.filter((one) => one.task === task && one.trial !== trial) ?? [];
  return (
    <details className="menu" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Compare…</summary>
      <div>
        {others.map((one) => (
          <a key={one.trial} href={hashOf({ view: 'compare', run, trial, other: one.trial })}>
            {one.agent} #{one.attempt}{' '}
            <span className="note">
              {becameOf(one)}, completion {share(one.score?.completion.reward)}
            </span>
          </a>
        ))}
        {value && others.length === 0 && <p className="note">no other trial of this task in the run</p>}
        {error !== undefined && <p className="note bad">{error}</p>}
      </div>
    </details>
  );
}

/** Commands that lead a terminal to the step that is looked at. */
function CopyMenu({ trial, step }: { trial: string; step: number }) {
  const [copied, setCopied] = useState('');
  const commands = {
    show: `proctor show ${trial} --step ${step}`,
    'replay to here': `proctor replay ${trial} --to ${step} --shell`,
    // A fork keeps the steps up to the one it is made at: the step before lets this one be decided anew.
    ...(step > 0 && { 'decide this step anew': `proctor fork ${trial} --at ${step - 1}` }),
  };
  const copy = async (command: string) => {
    await navigator.clipboard?.writeText(command).catch(() => {});
    setCopied(command);
  };
  return (
    <details className="menu">
      <summary>Copy as…</summary>
      <div>
        {Object.entries(commands).map(([name, command]) => (
          <button key={name} type="button" onClick={() => copy(command)}>
            {name} <code>{command}</code>
          </button>
        ))}
        <button type="button" onClick={() => copy(window.location.href)}>
          link to this step
        </button>
        <p role="status" className="note">
          {copied === '' ? '' : 'copied'}
        </p>
      </div>
    </details>
  );
}

const speeds = [0.5, 1, 2, 4, 8];
const stepMs = 1000;

interface Play {
  playing: boolean;
  speed: number;
  toggle(): void;
  /** One notch faster or slower. */
  shift(by: 1 | -1): void;
}

/** Goes on by itself, one step after another, until `advance` says that there is none. */
export function usePlay(advance: () => boolean): Play {
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(1);
  const speed = speeds[at] ?? 1;
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      if (!advance()) setPlaying(false);
    }, stepMs / speed);
    return () => clearInterval(timer);
  }, [playing, speed, advance]);
  return {
    playing,
    speed,
    toggle: () => setPlaying(!playing),
    shift: (by) => setAt(Math.min(speeds.length - 1, Math.max(0, at + by))),
  };
}
