/** Limits what all who ask one endpoint with one key take of it. */
export interface RateGate {
  /**
   * Runs `work` when a request may be made; `took` is told what it really took, and without it counts as estimated. Rejects
   * with the signal's reason as soon as it is aborted, and with `GateShut` where the gate is shut beyond `until` on the monotonic clock.
   */
  enter<T>(work: (took: (tokens: number) => void) => Promise<T>, request: RateRequest): Promise<T>;
  /** Keeps the gate shut for everybody, for at least this many milliseconds from now. */
  shut(ms: number): void;
  /** Takes the limits that the endpoint tells, where its user gave none. */
  learn(told: ToldLimits): void;
}

interface RateRequest {
  signal: AbortSignal;
  /** About how many tokens it will take; asked where they are limited. */
  tokens?: () => number;
  until?: number;
}

/** The gate of an endpoint, for those who ask it with the same key. */
export type RateGates = (endpoint: { baseUrl: string; apiKey: string }) => RateGate;

/** What may be taken in a minute; without a bound where absent. */
export interface RateLimits {
  tokens?: number;
  requests?: number;
}

/** What an endpoint tells of what it lets a key take. */
export interface ToldLimits {
  tokens?: ToldLimit;
  requests?: ToldLimit;
}

interface ToldLimit {
  perMinute: number;
  /** What may be taken now. */
  remaining?: number;
}

export class GateShut extends Error {}
