import type { Wrapping } from './decision.ts';

/** What a wrapper did for a decision, for people. */
export function wrappingText(did: Wrapping): string {
  switch (did.by) {
    case 'retry':
      return `retry: asked again after: ${did.failed.join('; ')}`;
    case 'vote': {
      const others = did.others.length > 0 ? `; the others: ${did.others.join('; ')}` : '';
      return `vote: ${did.agreed} of ${did.of} for these calls${others}`;
    }
    case 'escalate': {
      const because = did.because === undefined ? '' : `, which took over: ${did.because}`;
      return `escalate: decided by ${did.agent}${because}`;
    }
  }
}
