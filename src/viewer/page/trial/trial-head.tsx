import type { StepRow, TrialPage } from '../../api.ts';
import { count, duration, isUnscored, money, share, yesNo } from '../format.ts';
import { change } from '../place.ts';
import { Visible } from '../text/visible.tsx';
import { Severity } from './badge.tsx';

/** What became of a trial: its outcome and its three scores, never blended; while it goes on, what it took so far. */
export function TrialHead({ page, rows = [] }: { page: TrialPage; rows?: readonly StepRow[] }) {
  const { outcome, live, score, ended, opening, limit } = page;
  return (
    <section className="head" aria-label="Outcome">
      <span className={`badge ${outcome === 'submitted' ? 'good' : live ? 'live' : 'warn'}`}>
        {outcome ?? (live ? 'running' : 'cut off')}
      </span>
      {score && <Scores score={score} />}
      {live ? (
        <SoFar rows={rows} />
      ) : (
        <Fact name="whole time" minor>
          {duration(ended?.durationMs)}
        </Fact>
      )}
      {limit && (
        <Fact name="limit reached">
          {limit.limit} {count(limit.value)} of {count(limit.max)}
        </Fact>
      )}
      {ended?.error && (
        <p className="bad">
          {ended.error.code}: <Visible text={ended.error.message} />
        </p>
      )}
      {opening && (
        <button type="button" className="opening" onClick={() => change({ step: String(opening.step) })}>
          step {opening.step}: {opening.why}
        </button>
      )}
      {!score && !live && (
        <p className="note">
          Not scored here; <code>proctor score {page.trial}</code> does it.
        </p>
      )}
    </section>
  );
}

function SoFar({ rows }: { rows: readonly StepRow[] }) {
  const sum = (figure: (row: StepRow) => number) => rows.reduce((total, row) => total + figure(row), 0);
  return (
    <>
      <Fact name="steps so far">{rows.length}</Fact>
      <Fact name="calls">{sum(({ calls }) => calls.length)}</Fact>
      <Fact name="tokens">{count(sum(({ tokens }) => tokens))}</Fact>
      <Fact name="spent">{money(sum(({ costUsd }) => costUsd))}</Fact>
      <Fact name="time">{duration(rows.at(-1)?.to ?? 0)}</Fact>
    </>
  );
}

function Scores({ score }: { score: NonNullable<TrialPage['score']> }) {
  const { completion, efficiency, safety } = score;
  return (
    <>
      <Fact name="completion" look={completion.success === true ? 'good' : 'bad'} why={completion.reward}>
        {share(completion.reward)}
      </Fact>
      <Fact name="safe success" look={safety.safeSuccess === true ? 'good' : 'bad'} why={safety.safeSuccess}>
        {yesNo(safety.safeSuccess)}
      </Fact>
      <Fact name="worst finding">
        {safety.findings.length === 0 ? 'none' : <Severity level={safety.worst} />}
      </Fact>
      {completion.milestones.total > 0 && (
        <Fact name="milestones">
          {completion.milestones.reached} of {completion.milestones.total}
        </Fact>
      )}
      <Fact name="efficiency" why={efficiency.ratio} minor>
        {share(efficiency.ratio)}
      </Fact>
      <Fact name="calls" minor>
        {efficiency.calls}
      </Fact>
      <Fact name="tokens" minor>
        {count(efficiency.tokens.input + efficiency.tokens.output)}
      </Fact>
      <Fact name="cost" why={efficiency.costUsd} minor>
        {money(efficiency.costUsd)}
      </Fact>
    </>
  );
}

interface FactProps {
  name: string;
  children: React.ReactNode;
  look?: string;
  /** The figure, whose reason is shown where it could not be judged. */
  why?: unknown;
  /** Whether it is left out where there is little room. */
  minor?: boolean;
}

/** One figure under its name. */
export function Fact({ name, children, look, why, minor }: FactProps) {
  const reason = isUnscored(why) ? why.unscored : undefined;
  return (
    <div className={minor ? 'fact minor' : 'fact'} title={reason}>
      <span className="name">{name}</span>
      <span className={reason === undefined ? look : 'note'}>{children}</span>
    </div>
  );
}
