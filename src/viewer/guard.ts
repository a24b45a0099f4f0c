import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

const cookieName = 'proctor';

/** Nothing but the page's own two files may run or load; images come from the trace alone. */
export const securityHeaders: OutgoingHttpHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Lets in only who was told the token, through this computer's own name. */
export interface Guard {
  readonly token: string;
  /** Whether the request names this server as its host, and not another name that leads here. */
  isOurHost(request: IncomingMessage): boolean;
  /** The cookie to set for who brings the token in the address; undefined for who does not. */
  welcome(url: URL): string | undefined;
  isKnown(request: IncomingMessage): boolean;
}

export function createGuard(port: () => number): Guard {
  const token = randomBytes(24).toString('base64url');
  return {
    token,
    isOurHost({ headers }) {
      return [`127.0.0.1:${port()}`, `localhost:${port()}`].includes(headers.host ?? '');
    },
    welcome(url) {
      const given = url.searchParams.get('token');
      if (given === null || !same(given, token)) return undefined;
      return `${cookieName}-${port()}=${token}; HttpOnly; SameSite=Strict; Path=/`;
    },
    isKnown({ headers }) {
      const cookies = (headers.cookie ?? '').split('; ').map((pair) => pair.split('='));
      return cookies.some(([name, value]) => name === `${cookieName}-${port()}` && same(value ?? '', token));
    },
  };
}

function same(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
