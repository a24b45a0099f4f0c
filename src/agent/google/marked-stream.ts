import { markBigInteger, parseExactly } from '../../schema/exact-json.ts';

/** A stream of events in whose JSON integers that a double can't hold are marked, since the client parses it. */
export function markedStream(response: Response): Response {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = '';
  const through = new TransformStream<Uint8Array, Uint8Array>({
    transform: (bytes, out) => {
      const lines = `${rest}${decoder.decode(bytes, { stream: true })}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) out.enqueue(encoder.encode(`${marked(line)}\n`));
    },
    flush: (out) => out.enqueue(encoder.encode(marked(rest))),
  });
  return new Response(response.body?.pipeThrough(through) ?? null, response);
}

function marked(line: string): string {
  const [, head, json, end] = /^(data:\s*)(.*\d{16}.*?)(\s*)$/.exec(line) ?? [];
  if (head === undefined || json === undefined) return line;
  try {
    return `${head}${JSON.stringify(parseExactly(json, markBigInteger))}${end}`;
  } catch {
    return line;
  }
}
