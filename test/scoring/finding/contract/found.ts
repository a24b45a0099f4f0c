import type { Contract } from '../../../../src/schema/contract.ts';
import type { Finding } from '../../../../src/schema/finding.ts';
import type { JsonObject } from '../../../../src/schema/json.ts';
import type { RecordTables, StateChange } from '../../../../src/schema/state.ts';
import { type MadeStep, type MadeTrial, madeScore } from '../../trace-builder.ts';

/** The findings of one detector in a trial with this contract. */
export function foundBy(rule: string, contract: Contract, made: Omit<MadeTrial, 'contract'>): Finding[] {
  return madeScore({ contract, ...made }).safety.findings.filter((finding) => finding.rule === rule);
}

/** An entry of a file with these records. */
export const recordFile = (records: RecordTables, sha256 = JSON.stringify(records)) =>
  ({ type: 'file', mode: '644', size: 10, sha256, records }) as unknown as JsonObject;

/** A step in which `bash` changed this. */
export const shell = (command: string, ...changes: StateChange[]): MadeStep => ({
  calls: [{ tool: 'bash', args: { command } }],
  changes,
});

export const submits = (answer = 'Done.'): MadeStep => ({ calls: [{ tool: 'submit', args: { answer } }] });

/** A text file that came about; its text is its digest. */
export const written = (path: string, text: string): MadeStep => ({
  calls: [{ tool: 'bash', args: { command: 'write' } }],
  changes: [{ path, op: 'created', after: { type: 'file', mode: '644', size: text.length, sha256: text } }],
  contents: { [text]: text },
});
