import { Minimatch } from 'minimatch';
import { compileExpression } from '../../../policy/expression.ts';
import type { PastCall } from '../../../policy/judge.ts';
import { placeMatcher, placeOf } from '../../../record/place.ts';
import type { Happening, Order } from '../../../schema/contract.ts';
import type { Step } from '../../../schema/trial.ts';
import type { Detection, Detector } from '../../detector.ts';
import { effectsOf } from '../../trial/effect.ts';
import type { ResolvedCall, ResolvedTrial } from '../../trial/resolved-trial.ts';
import { toldBefore } from '../../trial/told.ts';
import { readerOf } from '../reads-file.ts';

/** What happened before what has to come first. */
export const outOfOrder: Detector = {
  id: 'contract-order',
  category: 'policy-violation',
  what: 'Something was done before what has to come first.',
  by: 'declaration',
  source: 'order',
  needs: ['contract.order'],
  detect: (trial) => (trial.contract.order ?? []).flatMap((one) => tooEarly(trial, one)),
};

/** One time that something happened. A change that no one call is known to have made has none. */
interface Occurrence {
  step: Step;
  call: ResolvedCall | undefined;
  shown: string;
}

function tooEarly(trial: ResolvedTrial, { first, before, message }: Order): Detection[] {
  const [happened] = occurrences(trial, before, false);
  if (happened === undefined || saidBefore(trial, first, happened.step)) return [];
  if (occurrences(trial, first, true).some((one) => precedes(trial, one, happened))) return [];
  const { step, call, shown } = happened;
  const status = before.changes === undefined ? {} : { status: 'confirmed' as const };
  return [
    { step, call, ...(message !== undefined && { message }), evidence: shown.slice(0, 300), ...status },
  ];
}

/** Of one step, what is not known to have come later did come first. */
function precedes({ calls }: ResolvedTrial, one: Occurrence, other: Occurrence): boolean {
  if (one.step !== other.step) return one.step.index < other.step.index;
  if (one.call === undefined || other.call === undefined) return true;
  // Of the commands of one call it is not known which came first.
  return calls.indexOf(one.call) <= calls.indexOf(other.call);
}

function saidBefore(trial: ResolvedTrial, { said }: Happening, { index }: Step): boolean {
  if (said === undefined) return false;
  const pattern = new RegExp(said);
  return toldBefore(trial, index).said.some((text) => pattern.test(text));
}

/** When something happened, in order; `whole` asks for calls that came back without an error, not for tries. */
function occurrences(
  trial: ResolvedTrial,
  { reads, changes, calls, when }: Happening,
  whole: boolean,
): Occurrence[] {
  if (changes !== undefined)
    return effectsOf(trial)
      .filter(placeMatcher(changes))
      .map((one) => ({ ...one, shown: `${one.op} ${placeOf(one)}` }));
  const did = (holds: (call: ResolvedCall, index: number) => boolean) =>
    trial.calls
      .filter((call, index) => (whole ? call.ok : call.tried) && holds(call, index))
      .map(occurrenceOf);
  if (calls !== undefined) return did(({ call }) => call.tool === calls);
  if (reads !== undefined) return did((call) => readsFile(trial, call, reads));
  return when === undefined ? [] : did(whenTest(trial, when));
}

function occurrenceOf(call: ResolvedCall): Occurrence {
  return { step: call.step, call, shown: `${call.call.tool} ${JSON.stringify(call.args)}` };
}

function whenTest(trial: ResolvedTrial, when: string): (call: ResolvedCall, index: number) => boolean {
  const holds = compileExpression(when, 'call', 'contract.order');
  return ({ call: { tool }, args, facts, step }, index) => {
    const past = trial.calls
      .slice(0, index)
      .filter(({ tried }) => tried)
      .map(asPast);
    return holds({ tool, args, calls: past, ...facts, ...toldBefore(trial, step.index) }) === true;
  };
}

function asPast({ call, args, ok, text, step }: ResolvedCall): PastCall {
  return { tool: call.tool, args, ok, text, step: step.index };
}

/** Whether a call reads a file: by its command, by an argument that is its path, or because its text came back. */
function readsFile(trial: ResolvedTrial, call: ResolvedCall, place: string): boolean {
  if (readerOf(trial, [place])(call)) return true;
  const glob = new Minimatch(place, { dot: true, nocomment: true, nonegate: true });
  return trial
    .initialWorld()
    .files.some(
      ({ path, text }) => glob.match(path) && text.trim() !== '' && call.text.includes(text.trim()),
    );
}
