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
  const { log } = locateTrace(path);
  let head: Head = { sha256: '', events: 0 };
  for (const line of readLines(log)) {
    const event = parseLine(line.bytes);
    if (event === undefined && line.last && sealed === undefined) break;
    const fault = faultOf(event, head);
    if (fault !== undefined) throw tampered(log, line.number, fault);
    head = { sha256: sha256(line.bytes), events: head.events + 1 };
  }
  if (sealed !== undefined) compare(log, head, sealed);
  return head;
}

function faultOf(event: Record<string, unknown> | undefined, before: Head): string | undefined {
  if (event === undefined) return 'this line is no whole event';
  if (event.seq !== before.events) return `expected event ${before.events}, got ${event.seq}`;
  if (event.prev !== before.sha256)
    return `line ${before.events} was changed: its digest is not the one kept here`;
  return undefined;
}

function compare(log: string, head: Head, sealed: Head): void {
  if (head.events < sealed.events) {
    throw tampered(
      log,
      head.events + 1,
      `missing: ${sealed.events} events were sealed, ${head.events} are left`,
    );
  }
  if (head.events > sealed.events) {
    throw tampered(
      log,
      sealed.events + 1,
      `added: ${sealed.events} events were sealed, there are ${head.events}`,
    );
  }
  if (head.sha256 !== sealed.sha256) {
    throw tampered(log, head.events, 'this last line is not the one that was sealed');
  }
}

function tampered(log: string, line: number, what: string): ProctorError {
  return new ProctorError('tampered-trace', `${log}:${line}: ${what}`);
}
