import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startClock } from '../../src/orchestrator/agent-clock.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());
const pass = (ms: number) => void vi.advanceTimersByTime(ms);

describe('the clock of an agent’s own time', () => {
  it('stands still while the harness waits, also where it waits for several things', () => {
    const clock = startClock();
    pass(10);
    const first = clock.stop();
    pass(20);
    const second = clock.stop();
    pass(30);
    first();
    first();
    pass(40);
    expect([clock.elapsed(), clock.waited()]).toEqual([10, 90]);
    second();
    pass(5);
    expect([clock.elapsed(), clock.waited()]).toEqual([15, 90]);
  });

  it('counts a silence that ended with an answer as thought', () => {
    const clock = startClock();
    const answered = clock.stop();
    pass(20);
    expect(clock.elapsed()).toBe(0);
    answered(true);
    expect([clock.elapsed(), clock.waited()]).toEqual([20, 0]);
  });

  it('goes on after work of the harness that failed', async () => {
    const clock = startClock();
    await expect(clock.aside(Promise.reject(new Error('no')))).rejects.toThrow('no');
    pass(7);
    expect(clock.elapsed()).toBe(7);
  });
});
