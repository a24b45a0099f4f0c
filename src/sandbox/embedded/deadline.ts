export interface Deadline {
  /** The clock stands until `resume`. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Calls `late` once after `ms` of running time; never where there is no limit. */
export function createDeadline(ms: number | undefined, late: () => void): Deadline {
  let left = ms;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  const resume = () => {
    if (left === undefined) return;
    since = performance.now();
    timer = setTimeout(late, left);
  };
  const pause = () => {
    if (left === undefined || !timer) return;
    clearTimeout(timer);
    timer = undefined;
    left = Math.max(0, left - (performance.now() - since));
  };
  resume();
  return { pause, resume, stop: () => clearTimeout(timer) };
}
