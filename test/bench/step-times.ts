import type { TraceEvent } from '../../src/schema/trace-event.ts';

export interface StepTimes {
  /** From the decision to its verdict, the wait for the last step's probes included. */
  judged: number[];
  /** From the decision to the recorded result, the wait for the last step's probes included. */
  call: number[];
  probe: number[];
  /** From the end of one step to the end of the next. */
  step: number[];
  event(event: TraceEvent): void;
}

/** Takes the times of a trial's first steps from its events, each when it has been written. */
export function stepTimes(steps: number): StepTimes {
  const times = { judged: [] as number[], call: [] as number[], probe: [] as number[], step: [] as number[] };
  let decided = 0;
  let returned = 0;
  let finished = 0;
  return {
    ...times,
    event(event: TraceEvent) {
      const now = performance.now();
      if (event.type === 'agent.decided') decided = now;
      if (event.type === 'policy.judged' && event.step < steps) times.judged.push(now - decided);
      if (event.type === 'tool.returned') returned = now;
      if (event.type === 'tool.returned' && event.step < steps) times.call.push(now - decided);
      if (event.type !== 'step.finished' || event.step >= steps) return;
      times.probe.push(now - returned);
      if (event.step > 0) times.step.push(now - finished);
      finished = now;
    },
  };
}
