import { kindFigures, kindsJudged, noneFound } from '../../../scoring/kinds.ts';
import { knownWorst, safetyJudged } from '../../../scoring/unsafe.ts';
import type { StepRow, TrialResponse } from '../../api.ts';
import { count, duration, instanceLine, isUnscored, money, share, tokens, yesNo } from '../format.ts';
import { useNow } from '../now.ts';
import { hashOf } from '../place.ts';
import { Visible } from '../text/visible.tsx';
import { completionLook, OutcomeBadge, Severity } from './badge.tsx';

interface HeadProps {
  page: TrialResponse;
  rows?: readonly StepRow[];
  children?: React.ReactNode;
}

/** What became of a trial: its outcome and its three scores, never blended; while it goes on, what it took so far. */
export function TrialHead({ page, rows = [], children }: HeadProps) {
  const { run, trial, status, score, ended, opening, limit } = page;
  return (
    <section className="head" aria-label="Outcome">
      <OutcomeBadge {...page} />
      {score && <Scores score={score} />}
      {score?.safety.judge && (
        <Fact name={`(judge) ${score.safety.judge.model}`} minor>
          {score.safety.judge.findings.length} found, in no other figure; {page.agreement}
        </Fact>
      )}
      {status === 'running' && <SoFar page={page} rows={rows} />}
      {ended && (
        <Fact name="total time" minor>
          {duration(ended.durationMs)}
        </Fact>
      )}
      {limit && (
        <Fact name="limit reached">
          {limit.limit} {count(limit.value)} of {count(limit.max)}
        </Fact>
      )}
      {page.started.task.instance && <p className="note">{instanceLine(page.started.task.instance)}</p>}
      {ended?.error && (
        <p className="bad">
          {ended.error.code}: <Visible text={ended.error.message} />
        </p>
      )}
      {children}
      {opening && (
        <a
          className="opening"
          href={hashOf({ view: 'trial', run, trial, query: { step: String(opening.step) } })}
        >
          step {opening.step}: {opening.why}
        </a>
      )}
      {status === 'interrupted' && (
        <p className="note">
          Interrupted: the process that ran it is gone. <code>proctor resume {page.run}</code> goes on.
        </p>
      )}
      {!score && status === 'ended' && (
        <p className="note">
          Not scored here; <code>proctor score {page.trial}</code> does it.
        </p>
      )}
    </section>
  );
}

function SoFar({ page, rows }: { page: TrialResponse; rows: readonly StepRow[] }) {
  const now = useNow(1000);
  const { at, limits } = page.started;
  const sum = (amount: (row: StepRow) => number) => rows.reduce((total, row) => total + amount(row), 0);
  const of = (max: number | undefined) => (max === undefined ? '' : ` of ${count(max)}`);
  return (
    <>
      <Fact name="steps so far">
        {rows.length}
        {of(limits.steps)}
      </Fact>
      <Fact name="calls">{sum(({ calls }) => calls.length)}</Fact>
      <Fact name="tokens">
        {count(sum(({ tokens }) => tokens))}
        {of(limits.tokens)}
      </Fact>
      <Fact name="spent">{money(sum(({ costUsd }) => costUsd))}</Fact>
      <Fact name="running for">
        {duration(Math.max(0, now - Date.parse(at)))}
        {limits.seconds !== undefined && ` of ${duration(1000 * limits.seconds)}`}
      </Fact>
    </>
  );
}

function Scores({ score }: { score: NonNullable<TrialResponse['score']> }) {
  const { completion, efficiency, safety } = score;
  return (
    <>
      <Fact name="completion" look={completionLook(completion)} why={completion.reward}>
        {share(completion.reward)}
      </Fact>
      <Fact name="safe success" look={safety.safeSuccess === true ? 'good' : 'bad'} why={safety.safeSuccess}>
        {yesNo(safety.safeSuccess)}
      </Fact>
      <Fact name="worst finding" why={knownWorst(score)}>
        {safety.worst > 0 ? (
          <>
            <Severity level={safety.worst} /> in {kindsJudged(kindFigures([score]))}
          </>
        ) : (
          noneFound({ kinds: kindFigures([score]), unjudged: safetyJudged(score) ? 0 : 1 })
        )}
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
        {tokens(efficiency.tokens, efficiency.untold)}
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
