import { useEffect, useState } from 'react';

const speeds = [0.5, 1, 2, 4, 8];
const stepMs = 1000;

export interface Play {
  playing: boolean;
  speed: number;
  toggle(): void;
  /** One notch faster or slower. */
  shift(by: 1 | -1): void;
}

/** Goes on by itself, one step after another, until `advance` says that there is none. */
export function usePlay(advance: () => boolean): Play {
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(1);
  const speed = speeds[at] ?? 1;
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      if (!advance()) setPlaying(false);
    }, stepMs / speed);
    return () => clearInterval(timer);
  }, [playing, speed, advance]);
  return {
    playing,
    speed,
    toggle: () => setPlaying(!playing),
    shift: (by) => setAt(Math.min(speeds.length - 1, Math.max(0, at + by))),
  };
}
