import { readTrace } from '../library/read-trace.ts';
import { renderTrial } from '../report/render-trial.ts';
import { selectSteps } from '../report/selection.ts';
import { print, say, sayLeftOut } from './print.ts';

interface ShowFlags {
  out: string;
  step?: number;
  failed?: boolean;
  findings?: boolean;
  grep?: RegExp;
  full?: boolean;
  json?: boolean;
}

/** `proctor show`: reads a recorded trial; nothing is run again. */
export function show(reference: string, flags: ShowFlags): void {
  const { dir, torn, ...document } = readTrace(reference, { ...flags, unreadable: sayLeftOut });
  if (torn && !document.running) say(`proctor: ${dir}: the last line is torn; the trace is shown up to it`);
  const selected = { ...document, steps: selectSteps(document.steps, flags) };
  print(flags.json, selected, (style) => renderTrial(document, flags, style));
}
