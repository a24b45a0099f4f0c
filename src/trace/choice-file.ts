import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProctorError } from '../errors.ts';
import { makeFolders } from '../schema/author-folder.ts';
import { checked } from '../schema/checked.ts';
import { type ChoiceEvent, type ChoiceLine, type ChoicePlan, choiceLine } from '../schema/choice.ts';
import { onDisk, writeWhole } from './disk.ts';
import { parseLine, readLines } from './line.ts';

const choiceFile = 'choices.jsonl';

/** What a run chose by, and what it chose: beside its `run.json`. */
export interface RecordedChoices {
  plan: ChoicePlan;
  past: ChoiceEvent[];
}

/** Writes the choices of a run as far as they are known; what was torn at their end is gone. */
export function writeChoices(dir: string, { plan, past }: RecordedChoices): void {
  onDisk(dir, () => makeFolders(dir));
  writeWhole(join(dir, choiceFile), Buffer.from([plan, ...past].map(lineOf).join('')), { sync: true });
}

/** Adds a line to a run's choices. Throws `disk-full` or `trace-write-failed`. */
export function appendChoice(dir: string, event: ChoiceEvent): void {
  const path = join(dir, choiceFile);
  onDisk(path, () => appendFileSync(path, lineOf(event)));
}

/** The choices of a run; undefined where it made none. A torn last line is left out. Throws `bad-file` for any other that is none. */
export function readChoices(dir: string): RecordedChoices | undefined {
  const path = join(dir, choiceFile);
  if (!existsSync(path)) return undefined;
  const [plan, ...rest] = [...readLines(path)].flatMap(({ bytes, number, last }): ChoiceLine[] => {
    const line = parseLine(bytes);
    if (!line && last) return [];
    return [checked(choiceLine, line, { code: 'bad-file', where: `${path}:${number}` })];
  });
  if (plan?.type !== 'planned')
    throw new ProctorError('bad-file', `${path}: expected the plan of the choices in its first line`);
  return { plan, past: rest.flatMap((line) => (line.type === 'planned' ? [] : [line])) };
}

const lineOf = (line: ChoiceLine) => `${JSON.stringify(line)}\n`;
