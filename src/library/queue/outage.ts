import type { ProctorError } from '../../errors.ts';

/** Says once that something does not answer, and once that it does again. */
export interface Outage {
  gone(error: ProctorError): void;
  back(): void;
  readonly isGone: boolean;
}

/** @param meanwhile what goes on until it answers */
export function outage(place: string, meanwhile: string, note: (line: string) => void): Outage {
  let isGone = false;
  return {
    gone(error) {
      if (!isGone) note(`${error.message}; ${meanwhile}`);
      isGone = true;
    },
    back() {
      if (isGone) note(`${place}: answers again`);
      isGone = false;
    },
    get isGone() {
      return isGone;
    },
  };
}
