import { type Activity, type Phase, phases, type TrialUnderWay } from '../../queue/activity.ts';
import type { Leased } from '../../queue/lease.ts';
import type { TraceEvent } from '../../schema/trace-event.ts';

interface UnderWay extends Omit<TrialUnderWay, 'seconds'> {
  claimedAt: number;
  phaseAt: number;
}

/** What a worker's trials are at, as their events tell. */
export interface ActivityLog {
  follow(leased: Leased): { event(event: TraceEvent): void; end(): void };
  now(): Activity;
}

/** @param phaseEnded told how long a trial was in a phase */
export function activityLog(phaseEnded: (phase: Phase, seconds: number) => void = () => {}): ActivityLog {
  const began = performance.now();
  const underWay = new Set<UnderWay>();
  const spent: Activity['spent'] = {};
  const leave = ({ phase, phaseAt }: UnderWay) => {
    const seconds = (performance.now() - phaseAt) / 1000;
    spent[phase] = (spent[phase] ?? 0) + seconds;
    phaseEnded(phase, seconds);
  };
  return {
    follow({ run, trial, fence, task, agent, attempt }) {
      const at = performance.now();
      const claim = { run, trial, fence, task, agent, attempt };
      const one: UnderWay = { ...claim, phase: 'provisioning', steps: 0, claimedAt: at, phaseAt: at };
      underWay.add(one);
      return {
        event(event) {
          if (event.type === 'agent.decided') one.steps = event.step + 1;
          const phase = phaseFrom(event);
          if (!phase || phase === one.phase) return;
          leave(one);
          Object.assign(one, { phase, phaseAt: performance.now() });
        },
        end() {
          if (underWay.delete(one)) leave(one);
        },
      };
    },
    now() {
      const now = performance.now();
      const sums = { ...spent };
      for (const { phase, phaseAt } of underWay) sums[phase] = (sums[phase] ?? 0) + (now - phaseAt) / 1000;
      const trials = [...underWay].map(({ claimedAt, phaseAt: _, ...trial }) => ({
        ...trial,
        seconds: (now - claimedAt) / 1000,
      }));
      return { trials, spent: sums, seconds: (now - began) / 1000 };
    },
  };
}

/** The phase that an event begins; undefined where it begins none. */
function phaseFrom(event: TraceEvent): Phase | undefined {
  switch (event.type) {
    case 'state.entered':
      return event.state === 'working' ? 'deciding' : phases.find((phase) => phase === event.state);
    case 'agent.decided':
      return 'acting';
    case 'tool.returned':
      return 'observing';
    case 'tool.called':
      return 'acting';
    case 'step.finished':
      return 'deciding';
    default:
      return undefined;
  }
}
