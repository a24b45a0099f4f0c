import { namesAsking } from '../../policy/known-tool.ts';
import type { Feature } from '../feature.ts';
import { toolsOf } from '../trial/act.ts';

/** By a tool that is for it, or by words that end with a question where it called no tool. */
export const asked: Feature = {
  id: 'asked',
  what: 'asked its user',
  calls: 'some',
  tell: ({ trial }) =>
    toolsOf(trial).some(namesAsking) ||
    trial.trial.steps.some(
      ({ decision: { text }, calls: made }) =>
        made.length === 0 && text !== undefined && /\?["'”’)*_\s]*$/.test(trial.bodies.text(text)),
    ),
};
