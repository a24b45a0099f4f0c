import { duration, harmless, share } from '../format.ts';
import { destinationOf } from '../schema/destination.ts';
import { sideText } from '../schema/side-text.ts';
import { wrappingText } from '../schema/wrapping-text.ts';
import type { ToldFinding } from '../scoring/told-by.ts';
import { isAlarm, undoing } from '../scoring/unsafe.ts';
import { cut, indent, type Limit } from './cut.ts';
import type { CallDocument, StepDocument } from './step-document.ts';
import { type Colors, severityColor } from './style.ts';

/** One step as text: what was decided, called and seen, and what it was worth. `running` where its trial is under way. */
export function renderStep(step: StepDocument, limit: Limit, colors: Colors, running = false): string {
  const lines = [headline(step, colors, running)];
  if (step.reasoning) lines.push(indent(colors.dim(cut(harmless(step.reasoning), limit)), '  '));
  if (step.text) lines.push(indent(cut(harmless(step.text), limit), '  '));
  for (const call of step.calls) lines.push(...callLines(call, limit, colors));
  lines.push(...changeLines(step, limit, colors), ...attemptLines(step, limit));
  for (const name of step.reached) lines.push(colors.green(`  + milestone ${name}`));
  for (const name of step.lost) lines.push(colors.red(`  - milestone ${name}`));
  for (const name of step.unanswered) lines.push(colors.dim(`  ? milestone ${name} was not answered`));
  for (const [probe, said] of Object.entries(step.probed ?? {})) {
    const text =
      'error' in said
        ? `? probe ${probe} was not answered: ${said.error}`
        : `probe ${probe}: ${JSON.stringify(said.answer)}`;
    lines.push(colors.dim(indent(cut(harmless(text), limit), '  ')));
  }
  for (const finding of step.findings) lines.push(findingLines(finding, limit, colors));
  for (const did of step.wrapped ?? []) lines.push(indent(cut(wrappingText(did), limit), '  '));
  for (const one of step.side ?? []) lines.push(colors.dim(`  ${sideText(one)}`));
  if (step.unseen) lines.push(colors.yellow(`  not seen: ${harmless(step.unseen.join(', '))}`));
  if (step.notice) lines.push(colors.dim(`  harness: ${step.notice}`));
  return lines.join('\n');
}

function headline(step: StepDocument, colors: Colors, running: boolean): string {
  const parts = [
    colors.bold(`step ${step.step}`),
    `thought ${duration(step.thoughtMs)}`,
    ...(typeof step.phi === 'number' ? [`φ ${share(step.phi)}`] : []),
    ...(step.labels.length > 0 ? [colors.yellow(step.labels.join(', '))] : []),
    ...(step.conversation === undefined ? [] : [`conversation ${step.conversation}`]),
    ...(step.inherited ? ['inherited'] : []),
    ...(step.finished ? [] : [colors.yellow(running ? 'under way' : 'cut off')]),
    ...(step.stop ? [`stopped: ${step.stop}`] : []),
  ];
  return parts.join(' · ');
}

function callLines(call: CallDocument, limit: Limit, colors: Colors): string[] {
  const labels = call.labels.length > 0 ? ` · ${colors.yellow(call.labels.join(', '))}` : '';
  const head = `  ${call.callId} ${colors.cyan(call.tool)}${took(call)}${labels}`;
  const args = cut(argumentText(call), limit);
  const lines = [head, ...(args === '' ? [] : [indent(args, '    ')])];
  if (call.verdict === 'deny' || call.verdict === 'stop') {
    lines.push(colors.red(`    ${call.verdict} by ${call.rules.join(', ')}`));
  }
  lines.push(indent(cut(resultText(call), limit), '    │ '));
  return lines;
}

function took({ result }: CallDocument): string {
  return result ? ` · ${duration(result.durationMs)}` : '';
}

/** Strings as they are, so that a command reads as one; everything else as JSON. */
function argumentText({ arguments: args, malformed }: CallDocument): string {
  if (malformed !== undefined) return harmless(`not a JSON object: ${malformed}`);
  const entries = Object.entries(args as Record<string, unknown>);
  return entries
    .map(([name, value]) => {
      const text = harmless(typeof value === 'string' ? value : JSON.stringify(value));
      return text.includes('\n') ? `${name}:\n${indent(text, '  ')}` : `${name}: ${text}`;
    })
    .join('\n');
}

function resultText({ result }: CallDocument): string {
  if (!result) return '(never returned)';
  const failed = result.isError ? `error${result.errorClass ? ` (${result.errorClass})` : ''}: ` : '';
  const text = harmless(result.text);
  const notes = [
    result.captureCut && '\n(output cut at the capture cap)',
    result.unread && '\n(the agent had stopped waiting, and never saw this)',
  ];
  return `${failed}${text === '' ? '(nothing)' : text}${notes.filter(Boolean).join('')}`;
}

function changeLines({ changes, stateError }: StepDocument, limit: Limit, colors: Colors): string[] {
  if (stateError !== undefined) return [`  state not known: ${stateError}`];
  if (changes.length === 0) return [];
  const paths = changes.map(({ op, path }) => `${op} ${path}`).join('\n');
  const diffs = changes.flatMap(({ path, diff }) =>
    diff === undefined ? [] : `    ${harmless(path)}\n${diffLines(diff, limit, colors)}`,
  );
  return [indent(cut(harmless(paths), limit), '  ~ '), ...diffs.slice(0, limit.lines)];
}

function diffLines(diff: string, limit: Limit, colors: Colors): string {
  const lines = cut(harmless(diff), limit).split('\n');
  const colored = lines.map((line) => {
    if (line.startsWith('+')) return colors.green(line);
    return line.startsWith('-') ? colors.red(line) : colors.dim(line);
  });
  return indent(colored.join('\n'), '      ');
}

/** `→ sunk POST http://example.com/in, 12 bytes (call 2.0)`; repetitions become a count. */
function attemptLines({ attempts }: StepDocument, limit: Limit): string[] {
  const told = attempts.map((attempt) => {
    const { verdict, size, callId } = attempt;
    return `${verdict} ${destinationOf(attempt)}, ${size} bytes${callId === undefined ? '' : ` (call ${callId})`}`;
  });
  if (told.length === 0) return [];
  const lines = [...new Set(told)].map((line) => {
    const times = told.filter((one) => one === line).length;
    return times > 1 ? `${line} × ${times}` : line;
  });
  return [indent(cut(harmless(lines.join('\n')), limit), '  → ')];
}

/** `! severity 3 · destructive-operation · confirmed · cannot be undone · rule no-removal · by wording (call 2.0)`, its message and evidence below. */
function findingLines(finding: ToldFinding, limit: Limit, colors: Colors): string {
  const { severity, category, status, rule, by, callId, message, evidence, integrity } = finding;
  const undone = undoing(finding);
  const parts = [
    `severity ${severity}`,
    category,
    status,
    ...(undone === undefined ? [] : [undone]),
    `rule ${rule}`,
    by === 'judge' ? '(judge)' : `by ${by}`,
    ...(integrity ? ['voids success'] : []),
  ];
  const head = `  ${isAlarm(finding) ? '!' : '·'} ${parts.join(' · ')}${callId === undefined ? '' : ` (call ${callId})`}`;
  const shown = indent(cut(harmless(evidence), limit), '      > ');
  return [severityColor(severity, colors)(head), `    ${message}`, shown].join('\n');
}
