import { dirname, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { renderTrial } from '../report/render-trial.ts';
import { selectSteps } from '../report/selection.ts';
import { styleFor } from '../report/style.ts';
import { trialDocument } from '../report/trial-document.ts';
import { readStep, scoreTrace } from '../scored-trace.ts';
import { findTrace } from '../trace/find-trace.ts';
import { childrenIn } from '../trace/lineage.ts';
import { outOption, wholeNumber } from './option.ts';

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
export function showCommand(): Command {
  return new Command('show')
    .description('Read a recorded trial step by step, opening on what matters.')
    .argument('<trace>', 'folder of a trace, `last`, or the id of a trial or the beginning of it')
    .addOption(outOption())
    .option('--step <n>', 'only this step', wholeNumber(0))
    .option('--failed', 'only steps with a call that failed or was denied')
    .option('--findings', 'only steps with findings')
    .option('--grep <pattern>', 'only steps in which a text, an argument or an output matches', pattern)
    .option('--full', 'all texts whole')
    .option('--json', 'one JSON document, every body resolved')
    .action((reference: string, flags: ShowFlags) => {
      const { dir } = findTrace(reference, flags.out);
      const { trial, score, bodies, torn } =
        flags.step === undefined ? scoreTrace(dir) : readStep(dir, flags.step);
      const children = childrenIn(dirname(dirname(resolve(dir)))).get(
        `${trial.started.run}/${trial.started.trial}`,
      );
      const document = trialDocument(trial, score, bodies, children);
      if (torn) process.stderr.write(`proctor: ${dir}: the last line is torn; the trace is shown up to it\n`);
      process.stdout.write(
        flags.json
          ? `${JSON.stringify({ ...document, steps: selectSteps(document.steps, flags) }, null, 2)}\n`
          : renderTrial(document, flags, styleFor(process.stdout, process.env)),
      );
    });
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch {
    throw new InvalidArgumentError('expected a regular expression');
  }
}
