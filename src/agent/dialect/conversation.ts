import { createHash } from 'node:crypto';
import type { AskedTurn, Dialect } from './dialect.ts';
import { masked } from './mask.ts';

/** Tells conversations of a program apart by how they begin; the same when the program runs again on another day. */
export const conversationOf = ({ name }: Dialect, { system, opening }: AskedTurn): string =>
  createHash('sha256')
    .update(JSON.stringify([name, masked(system), masked(opening)]))
    .digest('hex')
    .slice(0, 12);

/** Under which name a request has its messages. */
export const listOf = ({ name }: Dialect): 'messages' | 'input' =>
  name === 'responses' ? 'input' : 'messages';
