/** Counts an agent's own time, in milliseconds: it stands still while the harness waits or looks. */
export interface AgentClock {
  /** The agent's time since the clock was started. */
  elapsed(): number;
  /** What of the time since then was not the agent's. */
  waited(): number;
  /** Stops the clock. What is returned lets it go on; with `thought`, the agent was thinking after all and the time is its own. */
  stop(): (thought?: boolean) => void;
  /** Has a piece of the harness's work done while the clock stands still. */
  aside<T>(work: Promise<T>): Promise<T>;
}

export function startClock(): AgentClock {
  const begun = performance.now();
  const stops = new Set<object>();
  let stoppedAt = 0;
  let waited = 0;
  const now = () => (stops.size > 0 ? stoppedAt : performance.now());

  const clock: AgentClock = {
    elapsed: () => now() - begun - waited,
    waited: () => waited + (performance.now() - now()),
    stop() {
      const one = {};
      if (stops.size === 0) stoppedAt = performance.now();
      stops.add(one);
      return (thought = false) => {
        if (stops.delete(one) && stops.size === 0 && !thought) waited += performance.now() - stoppedAt;
      };
    },
    async aside(work) {
      const goOn = clock.stop();
      try {
        return await work;
      } finally {
        goOn();
      }
    },
  };
  return clock;
}
