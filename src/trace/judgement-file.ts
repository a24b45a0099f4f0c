import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ProctorError } from '../errors.ts';
import { checked } from '../schema/checked.ts';
import {
  type JudgeAnswer,
  type JudgementEvent,
  type Judgements,
  judgementEvent,
  type NewJudgementEvent,
} from '../schema/judgement.ts';
import { verifyLines } from './chain.ts';
import { sha256 } from './digest.ts';
import { createAppendFile, onDisk } from './disk.ts';
import { parseLine, readLines } from './line.ts';
import { sealedHead, sealedJudgements, sealJudgements } from './run-file.ts';

const judgementFile = 'judgements.jsonl';

/** Writes what a judge says of a trial, beside its trace, which stays as it is. */
export interface JudgementWriter {
  append(event: NewJudgementEvent): void;
  /** Closes the file and seals it in the run's. */
  close(): void;
}

/** Begins anew: what another judge said of the trial is gone. Throws `disk-full` or `trace-write-failed`. */
export function createJudgementWriter(dir: string, now = () => new Date()): JudgementWriter {
  const path = join(dir, judgementFile);
  sealJudgements(dir);
  onDisk(path, () => rmSync(path, { force: true }));
  const file = createAppendFile(path);
  let head = { sha256: '', events: 0 };
  return {
    append(event) {
      const line = { seq: head.events, at: now().toISOString(), prev: head.sha256, ...event };
      const blame = { code: 'trace-write-failed', where: path } as const;
      const bytes = Buffer.from(`${JSON.stringify(checked(judgementEvent, line, blame))}\n`);
      file.write(bytes);
      head = { sha256: sha256(bytes.subarray(0, -1)), events: head.events + 1 };
    },
    close() {
      file.close();
      sealJudgements(dir, head);
    },
  };
}

/** sha256 of the judgements in a trial's folder; undefined where there are none. */
export function judgementsDigest(dir: string): string | undefined {
  const path = join(dir, judgementFile);
  return existsSync(path) ? sha256(readFileSync(path)) : undefined;
}

/**
 * What a judge said of the trial in a folder; undefined where none was asked. Throws `tampered-trace` where that was edited, or
 * said of another trace, and `bad-trace` where a line is none that this version reads.
 */
export function readJudgements(dir: string): Judgements | undefined {
  const path = join(dir, judgementFile);
  if (!existsSync(path)) return undefined;
  verifyLines(path, sealedJudgements(dir));
  const events = eventsIn(path);
  const [started] = events;
  if (started?.type !== 'judge.started') return undefined;
  const head = sealedHead(dir);
  if (head && started.head !== head.sha256)
    throw new ProctorError('tampered-trace', `${path}: it is of another trace than the one beside it`);
  return {
    started,
    answers: events.filter((event): event is JudgeAnswer => event.type === 'judge.answered'),
    complete: events.at(-1)?.type === 'judge.ended',
  };
}

/** All whole lines; the last one may be torn where the program died over it. */
function eventsIn(path: string): JudgementEvent[] {
  return [...readLines(path)].flatMap(({ bytes, number }) => {
    const line = parseLine(bytes);
    return line ? [checked(judgementEvent, line, { code: 'bad-trace', where: `${path}:${number}` })] : [];
  });
}
