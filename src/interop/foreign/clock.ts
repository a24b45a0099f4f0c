/** The time that events are written at: the record's own. */
export interface RecordClock {
  now(): Date;
  to(at: string | undefined): void;
}

/** Starts at an ISO 8601 time; now where it is not known. */
export function clockFrom(at: string | undefined): RecordClock {
  let ms = at === undefined ? Date.now() : Date.parse(at);
  return {
    now: () => new Date(ms),
    to(next) {
      const parsed = next === undefined ? Number.NaN : Date.parse(next);
      if (!Number.isNaN(parsed)) ms = parsed;
    },
  };
}
