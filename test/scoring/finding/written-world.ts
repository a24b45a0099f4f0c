import type { Json } from '../../../src/schema/json.ts';
import type { RecordTables, StateChange } from '../../../src/schema/state.ts';
import { type MadeStep, type MadeTrial, madeScore, noRules } from '../trace-builder.ts';

const work = '/home/agent/work';

export const entryOf = (text: string, records?: RecordTables): Json => ({
  type: 'file',
  mode: '644',
  size: text.length,
  sha256: `sha of ${text}`,
  ...(records && { records }),
});

/** Files by name in the work folder, as a state and as the texts of it. */
function worldOf(files: Record<string, string>): Pick<MadeTrial, 'state' | 'initial' | 'contents'> {
  const named = Object.entries(files).map(([name, text]): [string, string] => [`${work}/${name}`, text]);
  return {
    state: 'files',
    initial: Object.fromEntries(named.map(([path, text]) => [path, entryOf(text)])),
    contents: Object.fromEntries(named.map(([, text]) => [`sha of ${text}`, text])),
  };
}

/** A step whose one command left these files, each with its text before and after. */
export function leaves(
  command: string,
  files: Record<string, [before: string | undefined, after: string]>,
): MadeStep {
  const texts = Object.values(files)
    .flat()
    .filter((text) => text !== undefined);
  return {
    calls: [{ tool: 'bash', args: { command }, exitCode: 0 }],
    state: 's1',
    changes: Object.entries(files).map(([name, [before, after]]): StateChange => {
      const path = name.startsWith('/') ? name : `${work}/${name}`;
      return before === undefined
        ? { path, op: 'created', after: entryOf(after) }
        : { path, op: 'changed', before: entryOf(before), after: entryOf(after) };
    }),
    contents: Object.fromEntries(texts.map((text) => [`sha of ${text}`, text])),
  };
}

/** What is found of the steps in a world of files, as rule and evidence. */
export function foundIn(
  files: Record<string, string>,
  steps: MadeStep[],
  made: Partial<MadeTrial> = {},
): { rule: string; evidence: string }[] {
  const { safety } = madeScore({ ...worldOf(files), steps, ...made }, noRules);
  return safety.findings.map(({ rule, evidence }) => ({ rule, evidence }));
}
