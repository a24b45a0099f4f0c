import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, ProctorError } from '../../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';
import type { Agent, AgentDecision, AgentSession, DecideOptions, TrialBrief } from '../agent.ts';
import { isProgram } from '../process-group.ts';
import { type ProgramSettings, recordedProgram } from '../program-arguments.ts';
import { readDecision } from '../program-decision.ts';
import { programFile } from '../program-file.ts';
import { LineProgram } from './line-program.ts';

/** Version of the line protocol. */
const protocol = 1;

const python = 'python3';

/** Says where a file is no Python, without running it. */
const parse = 'import ast,sys; p=sys.argv[1]; ast.parse(open(p,"rb").read(), p)';

/** An agent that is a Python file, which decides over JSON lines on stdin and stdout; each trial has a process of its own. */
export function pythonAgent(file: string, settings: ProgramSettings): Agent {
  const id = `py:${file}`;
  const { path, digest } = programFile(id, file, settings.folder);
  const environment = process.env;
  return {
    id,
    digest,
    parameters: recordedProgram(settings),
    async check() {
      if (!isProgram(python, environment.PATH))
        throw new ProctorError('not-found', `agent ${id}: there is no ${python} on PATH`);
      await promisify(execFile)(python, ['-c', parse, path]).catch((error: Error & { stderr?: string }) => {
        const lines = (error.stderr ?? messageOf(error)).trim().split('\n');
        const line = lines.findLast((one) => /^\s*File ".*", line \d+/.test(one));
        const at = line ? `:${/line (\d+)/.exec(line)?.[1]}` : '';
        throw new ProctorError('bad-file', `agent ${id}: ${path}${at}: ${lines.at(-1)}; expected Python`);
      });
    },
    open: async (brief) =>
      openSession(id, brief, {
        program: () => new LineProgram([python, '-u', path], { env: environment }),
        arguments: settings.arguments,
      }),
  };
}

interface SessionParts {
  program(): LineProgram;
  arguments: JsonObject;
}

function openSession(id: string, { trial, task, seed }: TrialBrief, parts: SessionParts): AgentSession {
  let program: LineProgram | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const start = () => {
    const started = parts.program();
    const brief = { trial, task: task.name, seed, arguments: parts.arguments };
    started.tell({ type: 'open', protocol, ...brief });
    return started;
  };
  const decide = async (view: View, options: DecideOptions): Promise<AgentDecision> => {
    options.signal.throwIfAborted();
    program ??= start();
    try {
      const message = { type: 'decide', step: view.steps.length, view };
      return decisionOf(await program.ask(message), options);
    } catch (error) {
      throw new Error(`agent ${id} ${messageOf(error)}`, { cause: error });
    }
  };
  return {
    decide(view, options) {
      const decided = last.then(() => decide(view, options));
      last = decided.catch(() => {});
      return decided;
    },
    close: async () => program?.close({ type: 'close' }),
  };
}

/** An answer is a decision, or says why there is none; the requests that it made to models stand beside. */
function decisionOf(answer: Json, { asked }: DecideOptions): AgentDecision {
  if (!isJsonObject(answer)) return readDecision(answer);
  const { error, requests = [], ...decision } = answer;
  if (error !== undefined) throw new Error(`gave up with an error: ${messageOf(error)}`);
  if (!Array.isArray(requests)) throw new Error('gave requests that are no list');
  for (const request of requests) asked(request, false);
  return readDecision(decision);
}
