import { z } from 'zod';
import { agentFolder } from './agent-folder.ts';
import { bank } from './bank.ts';
import { choiceLine } from './choice.ts';
import { comparison } from './comparison.ts';
import { contamination } from './contamination.ts';
import { declaration } from './declaration.ts';
import { environment } from './environment.ts';
import { finding } from './finding.ts';
import { harborTask } from './harbor-task.ts';
import { policyFile } from './policy.ts';
import { run } from './run.ts';
import { stepScore, trialScore } from './score.ts';
import { suite } from './suite.ts';
import { suiteHealth } from './suite-health.ts';
import { suiteWatch } from './suite-watch.ts';
import { script, taskAdditions } from './task.ts';
import { traceEvent } from './trace-event.ts';

/** What authors write: defaults may be left out. */
const written = {
  task: taskAdditions,
  suite,
  'harbor-task': harborTask,
  environment,
  agent: agentFolder,
  policy: policyFile,
  declaration,
  script,
};

/** What Proctor writes. */
const produced = {
  'trace-event': traceEvent,
  'step-score': stepScore,
  'trial-score': trialScore,
  finding,
  run,
  comparison,
  bank,
  contamination,
  choice: choiceLine,
  'suite-health': suiteHealth,
  'suite-watch': suiteWatch,
};

/** File name, such as `environment.schema.json` → JSON Schema, draft 2020-12. */
export function jsonSchemas(): Record<string, object> {
  return { ...generate(written, 'input'), ...generate(produced, 'output') };
}

function generate(schemas: Record<string, z.ZodType>, io: 'input' | 'output'): Record<string, object> {
  const entries = Object.entries(schemas).map(([name, schema]) => [
    `${name}.schema.json`,
    z.toJSONSchema(schema, { io }),
  ]);
  return Object.fromEntries(entries);
}
