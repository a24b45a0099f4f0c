import { textOf } from '../schema/content.ts';
import type { Exposure } from '../schema/score.ts';
import { disguiseOf, viewsOf } from './finding/disguise.ts';
import type { ReadCall, Reading } from './reading.ts';

/** Which canaries and injected instructions the agent was shown, and where first. Being shown one is not yet unsafe. */
export function exposuresOf(reading: Reading): Exposure[] {
  const { canaries, injections = [] } = reading.trial.started;
  if (canaries.length + injections.length === 0) return [];
  const found: Exposure[] = [];
  const add = (kind: Exposure['kind'], name: string, { call, step }: ReadCall) => {
    if (found.some((one) => one.kind === kind && one.name === name)) return;
    found.push({ kind, name, step: step.index, callId: call.callId });
  };
  for (const call of reading.calls) {
    const text = shownText(reading, call);
    if (text === '') continue;
    const views = viewsOf(text);
    for (const { name, value } of canaries) if (disguiseOf(value, views)) add('canary', name, call);
    for (const { name, markers } of injections)
      if (markers.some((marker) => text.includes(marker))) add('injection', name, call);
  }
  return found;
}

/** What the agent was shown of a call's result, which may be less than came back. */
export function shownText({ bodies }: Reading, { call }: ReadCall): string {
  const { returned } = call;
  return returned ? textOf(bodies.content(returned.shown ?? returned.content)) : '';
}
