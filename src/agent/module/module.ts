import { messageOf, ProctorError } from '../../errors.ts';
import type { Agent } from '../agent.ts';
import { type ProgramSettings, recordedProgram } from '../program-arguments.ts';
import { programFile } from '../program-file.ts';
import { AgentThread } from './agent-thread.ts';

/** `./my-agent.ts` or `./my-agent.ts:export`. */
const moduleId = /^(.+\.[cm]?[jt]s)(?::([A-Za-z_$][\w$]*))?$/;

/** An agent that a TypeScript or JavaScript module exports; each trial has a thread of its own with the module loaded anew. */
export function moduleAgent(id: string, settings: ProgramSettings): Agent {
  const [, file = id, exported] = moduleId.exec(id) ?? [];
  const { path, digest } = programFile(id, file, settings.folder);
  const source = { path, exported, name: `agent ${id}` };
  return {
    id,
    digest,
    parameters: recordedProgram(settings),
    async check(tasks) {
      const thread = new AgentThread(source);
      try {
        await thread.check(tasks);
      } catch (error) {
        if (error instanceof ProctorError) throw error;
        throw new ProctorError('bad-file', messageOf(error), { cause: error });
      } finally {
        await thread.close();
      }
    },
    async open(brief) {
      const thread = new AgentThread(source);
      let opened: Promise<void> | undefined;
      return {
        async decide(view, options) {
          opened ??= thread.open({ ...brief, arguments: settings.arguments });
          await opened;
          return thread.decide(view, options);
        },
        close: () => thread.close(),
      };
    },
  };
}
