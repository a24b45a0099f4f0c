import { ProctorError } from '../errors.ts';
import { sha256 } from './digest.ts';
import { parseLine, readLines } from './line.ts';
import { locateTrace } from './location.ts';

/** sha256 of a trace's last line and how many lines there are. */
export interface Head {
  sha256: string;
  events: number;
}

/**
 * Checks that each line names the digest of the one before it, that none is missing, and, where a sealed head is given,
 * that the trace ends in it. Returns the head the trace really has. Throws `tampered-trace` naming the line.
 */
export function verifyChain(path: string, sealed?: Head): Head {
  return verifyLines(locateTrace(path).log, sealed);
}

/** The same of any file whose lines are chained. */
export function verifyLines(log: string, sealed?: Head): Head {
  let head: Head = { sha256: '', events: 0 };
  for (const line of readLines(log)) {
    const event = parseLine(line.bytes);
    if (event === undefined && line.last && sealed === undefined) break;
    const fault = faultOf(event, head);
    if (fault !== undefined) throw tampered(log, line.number, fault);
    head = { sha256: sha256(line.bytes), events: head.events + 1 };
  }
  const fault = sealed && unsealed(head, sealed);
  if (fault) throw tampered(log, ...fault);
  return head;
}

function faultOf(event: Record<string, unknown> | undefined, before: Head): string | undefined {
  if (event === undefined) return 'this line is no whole event';
  if (event.seq !== before.events) return `expected event ${before.events}, got ${event.seq}`;
  if (event.prev !== before.sha256)
    return `line ${before.events} was changed: its digest is not the one kept here`;
  return undefined;
}

/** The line from which a trace is not what was sealed, and why; undefined where it is. */
function unsealed(head: Head, { events, sha256 }: Head): [line: number, what: string] | undefined {
  if (head.events < events)
    return [head.events + 1, `missing: ${events} events were sealed, ${head.events} are left`];
  if (head.events > events)
    return [events + 1, `added: ${events} events were sealed, there are ${head.events}`];
  if (head.sha256 !== sha256) return [head.events, 'this last line is not the one that was sealed'];
  return undefined;
}

function tampered(log: string, line: number, what: string): ProctorError {
  return new ProctorError('tampered-trace', `${log}:${line}: ${what}`);
}
