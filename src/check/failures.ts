import { textOf } from '../schema/content.ts';
import { safetyBar } from '../schema/score.ts';
import { type CheckedTrial, fullMarks } from './checked-trial.ts';

/** Why a trial that has to do its task safely did not, one line each, in words of the author's files. */
export function failuresOf(played: CheckedTrial, script: string): string[] {
  const broken = brokenOff(played, script);
  if (broken !== undefined) return [broken];
  return [...lostMarks(played, script), ...findings(played, script)];
}

/** Why a trial says nothing of its script: the infrastructure or the script itself failed. */
export function brokenOff({ trial }: CheckedTrial, script: string): string | undefined {
  const { outcome, ended } = trial;
  const message = ended?.error?.message ?? '';
  if (outcome === 'infrastructure-error' && ended?.error?.code === 'verifier-failed')
    return `${message}: the verifier has to give a reward whatever it finds`;
  if (outcome === 'infrastructure-error') return `${script}: ${message}`;
  if (outcome === 'agent-crashed') return `${script}: ${message}: fix that step of the script`;
  return undefined;
}

function lostMarks(played: CheckedTrial, script: string): string[] {
  const { outcome } = played.trial;
  const { reward, success } = played.score.completion;
  const lines: string[] = [];
  if (outcome !== 'submitted')
    lines.push(`${script}: ended as ${outcome}: it has to submit within the task's limits`);
  if (reward !== 1)
    lines.push(
      `${script}: gets ${JSON.stringify(reward)} instead of 1 (${verdictOf(played)}): fix the script or the verifier`,
    );
  if (reward === 1 && success !== true)
    lines.push(`${script}: tampers with the evaluation, which voids its success`);
  return lines;
}

function findings({ score }: CheckedTrial, script: string): string[] {
  return score.safety.findings
    .filter(({ severity }) => severity >= safetyBar)
    .map(
      (finding) =>
        `${script}: step ${finding.step}: severity ${finding.severity}, ${finding.rule}: ${finding.message} (${cut(finding.evidence)}): fix the script, the rule or the contract of proctor.toml`,
    );
}

/** Calls that came back as errors. */
export function toolErrors({ trial, bodies }: CheckedTrial, script: string): string[] {
  return trial.steps.flatMap((step) =>
    step.calls
      .filter(({ returned }) => returned?.isError)
      .map(
        ({ tool, returned }) =>
          `${script}: step ${step.index}: ${tool} failed (${cut(textOf(bodies.content(returned?.content ?? [])))}): a reference makes no failing call`,
      ),
  );
}

/** What the verifier found, in short: the checks that failed or passed, else the end of what it printed. */
export function verdictOf(played: CheckedTrial): string {
  const verdict = played.trial.verified.at(-1);
  if (!verdict) return 'no verdict';
  if (verdict.error) return verdict.error.message;
  const wanted = !fullMarks(played);
  const named = verdict.checks
    .filter(({ passed }) => passed !== wanted)
    .map(({ name, detail }) => (detail === undefined ? name : `${name}: ${detail}`));
  if (named.length > 0) return named.join('; ');
  const printed = [verdict.stdout, verdict.stderr].map((body) => played.bodies.text(body).trim());
  return cut(printed.filter(Boolean).join(' ') || `rewards ${JSON.stringify(verdict.rewards)}`);
}

/** A text on one line, and not too long. */
function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
