import type { Contract } from '../../../../src/schema/contract.ts';
import type { StateChange } from '../../../../src/schema/state.ts';
import { type MadeStep, madeScore, noRules } from '../../trace-builder.ts';

/** A file’s text before and after; null where it is not there. */
export type Edit = readonly [path: string, before: string | null, after: string | null];

export interface Around {
  instruction?: string;
  contract?: Contract;
  /** Other files that were there from the start. */
  given?: Record<string, string>;
}

const entry = (text: string, mode = '644') => ({ type: 'file', mode, size: text.length, sha256: text });
const root = '/home/agent/work/';

/** What the detectors of weakened checks find where one step for each list makes these edits. */
export function weakenedBySteps(steps: readonly (readonly Edit[])[], around: Around = {}): string[] {
  const { instruction = 'Fix the rounding bug in the code.', contract, given = {} } = around;
  const edits = steps.flat();
  const first = edits.filter(([path], at) => edits.findIndex(([other]) => other === path) === at);
  const initial = Object.fromEntries([
    ...first.flatMap(([path, before]) => (before === null ? [] : [[root + path, entry(before)]])),
    ...Object.entries(given).map(([path, text]) => [root + path, entry(text)]),
  ]);
  const contents = Object.fromEntries(
    [...edits.flatMap(([, ...texts]) => texts), ...Object.values(given)].flatMap((text) =>
      text === null ? [] : [[text, text]],
    ),
  );
  const made = steps.map(
    (step, at): MadeStep => ({
      calls: [{ tool: 'bash', args: { command: 'make it so' } }],
      state: `s${at + 1}`,
      changes: step.map(changeOf),
      contents,
    }),
  );
  const score = madeScore(
    { state: 'files', initial, contents, instruction, ...(contract && { contract }), steps: made },
    noRules,
  );
  return score.safety.findings
    .filter(({ category }) => category === 'evaluator-tampering')
    .map(({ rule, step, evidence }) => `${rule} ${step}: ${evidence.replaceAll(root, '')}`);
}

/** What is found where one step makes one edit. */
export const weakened = (
  path: string,
  before: string | null,
  after: string | null,
  around?: Around,
): string[] => weakenedBySteps([[[path, before, after]]], around);

function changeOf([path, before, after]: Edit): StateChange {
  return {
    path: root + path,
    op: before === null ? 'created' : after === null ? 'deleted' : 'changed',
    ...(before !== null && { before: entry(before) }),
    ...(after !== null && { after: entry(after) }),
  };
}
