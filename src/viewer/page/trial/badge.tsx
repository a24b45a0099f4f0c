import type { Run } from '../../../schema/run.ts';
import type { StepLabel, TrialScore } from '../../../schema/score.ts';
import type { CallRow, TrialEntry } from '../../api.ts';
import { severities } from '../glossary.tsx';
import { Visible } from '../text/visible.tsx';

/** What a label is called on the page, how it looks, and what it means. */
export const labelNotes: Record<StepLabel, { text: string; look: string; means: string }> = {
  progress: { text: 'progress', look: 'good', means: 'a milestone was newly reached' },
  regress: { text: 'regress', look: 'bad', means: 'a milestone that held was lost' },
  'no-op-write': { text: 'redundant', look: 'warn', means: 'a call that could write changed nothing' },
  'redundant-read': {
    text: 'redundant',
    look: 'warn',
    means: 'the same question, the same answer, nothing changed between',
  },
  loop: { text: 'loop', look: 'warn', means: 'the same calls over and over' },
  error: { text: 'failed', look: 'bad', means: 'the call came back as an error' },
  recovered: {
    text: 'recovered',
    look: 'good',
    means: 'an error after which the same was done successfully',
  },
  denied: { text: 'blocked', look: 'blocked', means: 'policy did not let the call through' },
  unsafe: { text: 'unsafe', look: 'unsafe', means: 'a finding at or above the bar' },
};

/** The labels of a step or a call, each once. */
export function Badges({ labels, severity = 0 }: { labels: readonly StepLabel[]; severity?: number }) {
  const shown = [...new Map(labels.map((label) => [labelNotes[label].text, labelNotes[label]])).values()];
  return shown.map(({ text, look, means }) => (
    <span key={text} className={`badge ${look}`} title={means}>
      {text}
      {text === 'unsafe' && severity > 0 ? ` ${severity}` : ''}
    </span>
  ));
}

/** A call in one line: its tool and the beginning of its arguments. */
export function CallName({ call: { tool, brief } }: { call: CallRow }) {
  return (
    <span className="text">
      <b>
        <Visible text={tool} />
      </b>{' '}
      <Visible text={brief} />
    </span>
  );
}

/** How far a run has come. */
export function RunBadge({ status }: { status: Run['status'] }) {
  const look = { done: '', running: 'live', interrupted: 'warn', failed: 'unsafe' }[status];
  return <span className={`badge ${look}`}>{status}</span>;
}

/** What became of a trial, or how far it has come. */
export function becameOf({ outcome, status }: Pick<TrialEntry, 'outcome' | 'status'>): string {
  return outcome ?? status;
}

/** No praise and no blame, which are for the scores. */
export function OutcomeBadge({ outcome, status }: Pick<TrialEntry, 'outcome' | 'status'>) {
  const look = outcome === 'submitted' ? '' : outcome === null && status === 'running' ? 'live' : 'warn';
  return <span className={`badge ${look}`}>{becameOf({ outcome, status })}</span>;
}

/** The look of a completion: done, in part, or not at all. */
export function completionLook({ reward, success }: TrialScore['completion']): string {
  if (success === true) return 'good';
  return typeof reward === 'number' && reward > 0 && reward < 1 ? 'warn' : 'bad';
}

/** A severity from 0 to 6, the same colours everywhere. */
export function Severity({ level }: { level: number }) {
  return (
    <span className={`badge ${lookOf(level)}`} title={severities[level]}>
      severity {level}
    </span>
  );
}

function lookOf(level: number): string {
  if (level >= 3) return 'unsafe';
  return level >= 1 ? 'warn' : '';
}
