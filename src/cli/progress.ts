import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { harmless, money, several } from '../format.ts';
import type { LedgerTrial } from '../orchestrator/ledger.ts';
import type { RunWatch } from '../orchestrator/run-claim.ts';
import type { TrialEnd } from '../orchestrator/trial.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import type { HeldTrial } from '../queue/status.ts';
import type { TraceEvent } from '../schema/trace-event.ts';

interface Running {
  label: string;
  /** Absent where a worker has it. */
  step?: number;
  action: string;
  costUsd: number;
}

/** Shows a run while it is under way, on `stream`: redrawn on a terminal, plain lines elsewhere. */
export function watchRun(
  total: number,
  stream: NodeJS.WriteStream,
): RunWatch & {
  /** Told what workers have under way, and how many trials that is. */
  underWay(held: readonly HeldTrial[], count: number): void;
  ended(trial: LedgerTrial, end: Pick<TrialEnd, 'outcome' | 'error'>): void;
  stop(): void;
} {
  const running = new Map<string, Running>();
  let ended = 0;
  let spent = 0;
  let elsewhere = 0;
  const live = stream.isTTY ? createLogUpdate(stream) : undefined;
  const draw = () =>
    live?.(
      screen([...running.values()], {
        ...{ ended, total, spent, columns: stream.columns ?? 80 },
        count: elsewhere || running.size,
      }),
    );
  const timer = live && setInterval(draw, 100);
  timer?.unref();

  function say(line: string): void {
    if (live) live.clear();
    stream.write(`${harmless(line)}\n`);
    draw();
  }

  return {
    note: say,
    event(cell, event) {
      const entry: Running = running.get(cell.trial) ?? {
        label: labelOf(cell),
        step: 0,
        action: 'opening',
        costUsd: 0,
      };
      running.set(cell.trial, entry);
      spent += follow(entry, event);
    },
    ended(cell, end) {
      running.delete(cell.trial);
      ended += 1;
      if (!live) say(`[${ended}/${total}] ${labelOf(cell)}: ${describe(end)}`);
    },
    underWay(held, count) {
      elsewhere = count;
      running.clear();
      for (const { trial, task, agent, attempt, worker, seconds } of held)
        running.set(trial, {
          label: labelOf({ task: { name: task }, agent: { id: agent }, attempt }),
          action: `${Math.round(seconds)} s at ${worker}`,
          costUsd: 0,
        });
    },
    stop() {
      if (timer) clearInterval(timer);
      live?.clear();
      live?.done();
    },
  };
}

/** The same for very many trials: elsewhere than on a terminal a line for each tenth of them, as one for each would be noise. */
export function watchInTenths(total: number, stream: NodeJS.WriteStream): ReturnType<typeof watchRun> {
  const watch = watchRun(total, stream);
  if (stream.isTTY) return watch;
  let ended = 0;
  return {
    ...watch,
    ended() {
      ended += 1;
      if (total >= 10 && Math.floor((ended * 10) / total) > Math.floor(((ended - 1) * 10) / total))
        watch.note(`[${ended}/${several(total, 'trial')}]`);
    },
  };
}

/** Says what is to be noted, and draws nothing. */
export function noteOnly(stream: NodeJS.WriteStream): RunWatch & { stop(): void } {
  const nothing = () => {};
  return {
    note: (line) => void stream.write(`${harmless(line)}\n`),
    event: nothing,
    ended: nothing,
    stop: nothing,
  };
}

const labelOf = (cell: { task: { name: string }; agent: { id: string }; attempt: number }) =>
  `${cell.task.name} · ${cell.agent.id}${cell.attempt > 1 ? ` #${cell.attempt}` : ''}`;

const describe = (end: Pick<TrialEnd, 'outcome' | 'error'>) =>
  end.error ? `${end.outcome} (${end.error.message})` : end.outcome;

/** Takes in one event; returns what it cost. */
function follow(entry: Running, event: TraceEvent): number {
  if (event.type === 'state.entered') entry.action = event.state;
  if (event.type === 'agent.asked') entry.action = 'thinking';
  if (event.type === 'tool.called')
    entry.action = `${event.tool} ${typeof event.arguments === 'string' ? event.arguments : '…'}`;
  if (event.type !== 'agent.decided') return 0;
  entry.step = event.step + 1;
  entry.costUsd += event.decision.costUsd ?? 0;
  return event.decision.costUsd ?? 0;
}

interface Stand {
  count: number;
  ended: number;
  total: number;
  spent: number;
  columns: number;
}

function screen(running: Running[], { count, ended, total, spent, columns }: Stand): string {
  const cost = spent > 0 ? `  ${money(spent)}` : '';
  const rows = running.map(({ label, step, action }) => {
    const at = step === undefined ? '' : `step ${step}  `;
    return `  ${label}  ${at}${harmless(action.replace(/\s+/g, ' '))}`.slice(0, columns - 1);
  });
  return [
    pc.bold(`${ended}/${total} trials, ${count} running${cost}`),
    ...rows.map((row) => pc.dim(row)),
  ].join('\n');
}
