import type { Body } from '../../../schema/body.ts';
import { printedRewards, readTestReport } from '../../../scoring/failure.ts';
import type { TrialResponse } from '../../api.ts';
import { share } from '../format.ts';
import { jsonIn } from '../text/json-in.ts';
import { useBody } from '../text/use-body.ts';
import { Visible } from '../text/visible.tsx';

/** Of a longer output its end is shown, where verifiers say what was wrong. */
const shownLines = 8;
const shownTests = 5;

type Verdict = TrialResponse['verified'][number];

/** Why a trial did not complete its task, in the words of its verifier; nothing where it did, or was not judged. */
export function WhyFailed({ page }: { page: TrialResponse }) {
  const { score, verified } = page;
  if (score?.completion.success !== false) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="why-failed" aria-label="Why completion failed" tabIndex={0}>
      <h2>Completion is {share(score.completion.reward)}, because:</h2>
      {verified.length === 0 && <p>no verifier ran: the trial ended with {page.outcome}</p>}
      {verified.map((verdict) => (
        <Reasons key={verdict.seq} verdict={verdict} />
      ))}
    </section>
  );
}

function Reasons({ verdict }: { verdict: Verdict }) {
  const { checks, error, integrity, ctrf, stdout, stderr } = verdict;
  const failed = checks.filter(({ passed }) => !passed);
  return (
    <>
      {integrity.map((sign) => (
        <p key={sign} className="bad">
          the evaluation was tampered with: <Visible text={sign} />
        </p>
      ))}
      {error && (
        <p className="bad">
          the verifier gave no verdict: <Visible text={error.message} />
        </p>
      )}
      <ul className="checks">
        {failed.map(({ name, detail }) => (
          <Failure key={name} name={name} words={detail} />
        ))}
      </ul>
      {ctrf !== undefined && <FailedTests report={ctrf} />}
      {failed.length === 0 && ctrf === undefined && (
        <>
          <LastLines body={stdout} />
          <LastLines body={stderr} />
        </>
      )}
    </>
  );
}

function Failure({ name, words }: { name: string; words?: string | undefined }) {
  return (
    <li>
      <span className="bad">✗</span>{' '}
      <b>
        <Visible text={name} />
      </b>
      {words && (
        <>
          : <Visible text={words} />
        </>
      )}
    </li>
  );
}

function LastLines({ body }: { body: Body }) {
  const { text } = useBody(body);
  const lines = text.replace(printedRewards, '').trimEnd().split('\n').slice(-shownLines);
  return lines.join('') === '' ? null : (
    <p className="words">
      <Visible text={lines.join('\n')} />
    </p>
  );
}

/** The tests that failed, as a test runner's report in the Common Test Report Format names them. */
function FailedTests({ report }: { report: Body }) {
  const failed = readTestReport(jsonIn(useBody(report).text))?.failed ?? [];
  return (
    <ul className="checks">
      {failed.slice(0, shownTests).map((words) => (
        <Failure key={words} name={words} />
      ))}
      {failed.length > shownTests && <li className="note">and {failed.length - shownTests} more tests</li>}
    </ul>
  );
}
