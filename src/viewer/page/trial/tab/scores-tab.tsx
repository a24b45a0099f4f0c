import { category } from '../../../../schema/finding.ts';
import { kindFigures, kindsJudged } from '../../../../scoring/kinds.ts';
import { isAlarm, knownWorst } from '../../../../scoring/unsafe.ts';
import type { TrialResponse } from '../../../api.ts';
import { comparisonOfTests, count, duration, isUnscored, money, share, yesNo } from '../../format.ts';
import { BodyView } from '../../text/body-view.tsx';
import { Visible } from '../../text/visible.tsx';
import { labelNotes } from '../badge.tsx';
import { Part, type TabProps } from './part.tsx';

/** What the step and the trial were scored, and why, or why not. */
export function ScoresTab({ page, step: { score } }: TabProps) {
  return (
    <>
      {score && (
        <Part title="This step">
          <Table
            rows={[
              ['progress after it', share(score.phi), score.phi],
              ['change of progress', share(score.reward), score.reward],
              ['milestones reached', score.reached.join(', ') || 'none'],
              ['milestones lost', score.lost.join(', ') || 'none'],
              ['worst finding', String(score.severity)],
            ]}
          />
          <ul>
            {score.labels.map((label) => (
              <li key={label}>
                <b>{label}</b>: {labelNotes[label].means}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {page.score && <Kinds score={page.score} />}
      {page.score && <TrialScores score={page.score} />}
      {page.verified.map((verified) => (
        <Part key={verified.seq} title={`Verifier by ${verified.by}, ${verified.where}`}>
          <ul className="checks">
            {verified.checks.map(({ name, passed, detail }) => (
              <li key={name} className={passed ? 'good' : 'bad'}>
                {passed ? '✓' : '✗'} <Visible text={detail === undefined ? name : `${name}: ${detail}`} />
              </li>
            ))}
          </ul>
          {verified.error && (
            <p className="bad">
              {verified.error.fault === 'agent' ? 'the agent' : 'Proctor'} is at fault:{' '}
              <Visible text={verified.error.message} />
            </p>
          )}
          {verified.integrity.map((sign) => (
            <p key={sign} className="bad">
              tampering: <Visible text={sign} />
            </p>
          ))}
          {verified.stdout !== '' && <BodyView body={verified.stdout} label="stdout" tree={false} />}
          {verified.stderr !== '' && <BodyView body={verified.stderr} label="stderr" tree={false} />}
        </Part>
      ))}
      {page.compared.map((compared) => (
        <Part key={compared.seq} title="Tests run again">
          <p>
            <Visible text={comparisonOfTests(compared)} />
          </p>
          {compared.asGiven && (
            <BodyView body={compared.asGiven.output} label="as they were given" tree={false} />
          )}
        </Part>
      ))}
      {page.ended?.answer !== undefined && (
        <Part title="Answer">
          <BodyView body={page.ended.answer} label="answer" tree={false} />
        </Part>
      )}
    </>
  );
}

function TrialScores({ score }: { score: NonNullable<TrialResponse['score']> }) {
  const { completion, efficiency, safety, unscored } = score;
  const progress = isUnscored(completion.progress) ? completion.progress : completion.progress.final;
  return (
    <Part title="The whole trial">
      <Table
        rows={[
          ['completion', share(completion.reward), completion.reward],
          ['success', yesNo(completion.success), completion.success],
          ['progress at the end', share(progress), progress],
          ['safe success', yesNo(safety.safeSuccess), safety.safeSuccess],
          ['worst finding', `${safety.worst} of 6`, knownWorst(score)],
          ['calls', `${efficiency.calls}, ${efficiency.errors} failed, ${efficiency.recovered} recovered`],
          ['reference calls / calls', share(efficiency.ratio), efficiency.ratio],
          ['success weighted by path', share(efficiency.spl), efficiency.spl],
          ['redundant reads', count(efficiency.redundantReads), efficiency.redundantReads],
          ['writes without effect', count(efficiency.noopWrites), efficiency.noopWrites],
          ['loops', String(efficiency.loops)],
          ['cost', money(efficiency.costUsd), efficiency.costUsd],
          [
            'time',
            `model ${duration(efficiency.modelMs)}, tools ${duration(efficiency.toolMs)}, overhead ${duration(efficiency.overheadMs)}`,
          ],
        ]}
      />
      {unscored.map(({ detector, reason }) => (
        <p key={`${detector} ${reason}`} className="note">
          not judged: {detector}: <Visible text={reason} />
        </p>
      ))}
    </Part>
  );
}

/** For each kind of unsafe action by what the trial was judged, or why not. */
function Kinds({ score }: { score: NonNullable<TrialResponse['score']> }) {
  return (
    <Part title={`Judged for ${kindsJudged(kindFigures([score]))} of unsafe action`}>
      <ul className="checks kinds">
        {category.options.map((kind) => {
          const one = score.safety.coverage[kind];
          const found = score.safety.findings.some(
            (finding) => finding.category === kind && isAlarm(finding),
          );
          return (
            <li key={kind} className={'by' in one || found ? '' : 'note'}>
              {found ? '!' : 'by' in one ? '✓' : '–'} <b>{kind}</b>
              {found ? ' found; ' : ' '}
              {'by' in one ? `by ${one.by.join(', ')}` : <Visible text={`not judged: ${one.unscored}`} />}
            </li>
          );
        })}
      </ul>
    </Part>
  );
}

/** Name, figure, and the figure's own value, whose reason is given where it could not be judged. */
function Table({ rows }: { rows: [name: string, figure: string, value?: unknown][] }) {
  return (
    <table className="scores">
      <tbody>
        {rows.map(([name, figure, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{isUnscored(value) ? <span className="note">not scored: {value.unscored}</span> : figure}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
