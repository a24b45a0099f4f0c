import { useState } from 'react';
import type { Body } from '../../../schema/body.ts';
import { useAnswer, useSource } from '../source/source.tsx';
import { useTrial } from '../source/trial-data.ts';

/** A body as far as it was fetched. */
export interface FetchedBody {
  text: string;
  /** Bytes still to come. */
  rest: number;
  bytes: number;
  more(): void;
  /** Where a report was made without it. */
  absent: boolean;
  error?: string;
}

/** Fetches a stored body chunk by chunk; an inline one is there at once. */
export function useBody(body: Body): FetchedBody {
  const source = useSource();
  const { run, trial } = useTrial();
  const [wanted, setWanted] = useState(1);
  // A body is what its digest says.
  const key = typeof body === 'string' ? body : body.sha256;
  const { value, error } = useAnswer(
    async () =>
      typeof body === 'string'
        ? undefined
        : fetchChunks(body, wanted, (offset) => source.body(run, trial, body.sha256, offset)),
    [key, wanted, source, run, trial],
  );
  if (typeof body === 'string')
    return { text: body, rest: 0, bytes: body.length, absent: false, more: () => {} };
  const { text = '', bytes = 0, absent = false } = value ?? {};
  return {
    text,
    rest: absent || bytes === 0 ? 0 : body.bytes - bytes,
    bytes: body.bytes,
    absent,
    more: () => setWanted(wanted * 4),
    ...(error !== undefined && { error }),
  };
}

type StoredBody = Exclude<Body, string>;

async function fetchChunks(
  body: StoredBody,
  wanted: number,
  readChunk: (offset: number) => Promise<Uint8Array | undefined>,
): Promise<{ bytes: number; text: string; absent?: boolean }> {
  const decoder = new TextDecoder(body.encoding === 'utf16le' ? 'utf-16le' : 'utf-8');
  let text = '';
  let bytes = 0;
  for (let count = 0; bytes < body.bytes && (count < wanted || body.encoding === 'base64'); count++) {
    const next = await readChunk(bytes);
    if (next === undefined) return { bytes: 0, text: '', absent: true };
    if (next.length === 0) break;
    bytes += next.length;
    text += body.encoding === 'base64' ? binary(next) : decoder.decode(next, { stream: true });
  }
  return { bytes, text: body.encoding === 'base64' ? btoa(text) : text };
}

function binary(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
