import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Target } from '../model/target.ts';

/** What belongs to one connection, or to one form of the body. */
const ofConnection = new Set(
  `connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade host expect
   content-length content-encoding accept-encoding set-cookie cookie`.split(/\s+/),
);
const keys = ['authorization', 'x-api-key', 'api-key'];

/** The key that a program sends, in whichever header. */
export function sentKey(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1];
  return [bearer, headers['x-api-key'], headers['api-key']]
    .flat()
    .find((key) => key !== undefined && key !== '');
}

/** A program's headers with the real key in the place of its own. */
export function requestHeaders(
  sent: IncomingHttpHeaders,
  { apiKey, headers }: Target,
): Record<string, string> {
  const own = Object.entries(sent).flatMap(([name, value]): [string, string][] =>
    value === undefined || ofConnection.has(name) || keys.includes(name)
      ? []
      : [[name, [value].flat().join(', ')]],
  );
  return { ...Object.fromEntries(own), ...(sent['x-api-key'] && { 'x-api-key': apiKey }), ...headers };
}

/** An endpoint's headers as they are passed on. */
export const responseHeaders = (came: Headers): OutgoingHttpHeaders => ({
  'content-type': 'application/json',
  ...Object.fromEntries([...came].filter(([name]) => !ofConnection.has(name))),
});
