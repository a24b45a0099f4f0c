/** One event of a `text/event-stream`. */
export interface StreamEvent {
  event?: string;
  data: string;
}

export const isStream = ({ contentType, body }: { contentType: string; body: string }) =>
  contentType.includes('event-stream') ||
  (!contentType.includes('json') && /^\s*(data|event|id|retry)?:/.test(body));

/** The events of a stream; a last one that is not closed by an empty line counts too. Comments are left out. */
export function readEvents(body: string): StreamEvent[] {
  const blocks = body.replace(/^\uFEFF/, '').split(/(?:\r\n|\r|\n){2,}/);
  return blocks.flatMap((block) => {
    let event: string | undefined;
    const data: string[] = [];
    for (const line of block.split(/\r\n|\r|\n/)) {
      const [, name = '', value = ''] = /^([^:]+)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (name === 'event') event = value;
      if (name === 'data') data.push(value);
    }
    return data.length === 0 ? [] : [{ ...(event !== undefined && { event }), data: data.join('\n') }];
  });
}

export const writeEvents = (events: readonly StreamEvent[]): string =>
  events
    .map(({ event, data }) => {
      const lines = data.split('\n').map((line) => `data: ${line}\n`);
      return `${event === undefined ? '' : `event: ${event}\n`}${lines.join('')}\n`;
    })
    .join('');
