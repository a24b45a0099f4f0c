import type { ToldLimits } from './rate-gate.ts';

/** A request for a part of a budget. */
export interface Waiting {
  id: string;
  /** Tokens or US dollars. */
  amount: number;
  /** Lower ones are served first. */
  place: number;
}

/** What is served: the state after it, and how long the others have to wait. */
interface Served<State> {
  state: State;
  /** With the amounts that are set aside for them. */
  granted: Waiting[];
  /** Milliseconds until each of the others is due, in their order; absent where only the end of a request can tell. */
  dueInMs?: number[];
}

/** How a budget is shared out: pure functions of its state, at a time in milliseconds of one clock. */
export interface Budget<State> {
  open(now: number): State;
  /** Gives a request its place. */
  place(state: State, request: { run: string; amount: number }): { state: State; place: number };
  /** Grants what may be granted of those who wait, in their order. */
  serve(state: State, waiting: readonly Waiting[], now: number): Served<State>;
  /** Takes back what was set aside; `used` in its place, undefined where nobody knows. */
  settle(state: State, amount: number, used: number | undefined, now: number): State;
  /** Takes what was not set aside, or no longer. */
  spend(state: State, used: number | undefined, now: number): State;
  /** Takes what its owner tells of it. */
  learn(state: State, told: ToldLimits): State;
  /** Grants nothing for so many milliseconds. */
  shut(state: State, ms: number, now: number): State;
}
