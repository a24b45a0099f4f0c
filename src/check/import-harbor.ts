import { readFolder, writeFolder } from '../schema/author-folder.ts';
import type { Task } from '../task/task.ts';
import { requireNew } from './scaffold.ts';

const additions = `# What the Harbor format has no place for. Prove it with: proctor check

# Root, and the network that task.toml asks for. "hardened" where the task can do without.
isolation = "compatible"

# What the task wants; a change elsewhere is out of scope. "proctor check --propose-contract" begins one.
# [contract]
# may_change = ["{{workdir}}/**"]

# What is reached on the way; asked by Proctor after every step.
# [[milestones]]
# name = "answer-written"
# command = "test -s {{workdir}}/answer.txt"
`;

const policy = `# Rules beside those that ship; see the README on policy.

# [[rules]]
# id = "keeps-the-data"
# category = "destructive-operation"
# message = "Deletes the data it was given."
# on_change = 'change.op == "deleted" && change.path.startsWith("{{workdir}}/data/")'
`;

/** Copies a Harbor task and puts our files beside its own, to be filled in; gives the files. Throws `bad-flag` where `to` is taken. */
export function importHarborTask(task: Task, workdir: string, to: string): string[] {
  requireNew(to);
  const fill = (text: string) => Buffer.from(text.replaceAll('{{workdir}}', workdir));
  const own = [
    { path: 'proctor.toml', content: fill(additions), mode: 0o644 },
    { path: 'policy.toml', content: fill(policy), mode: 0o644 },
  ];
  const given = readFolder(task.dir).filter(({ path }) => !own.some((file) => file.path === path));
  return writeFolder(to, [...given, ...own]);
}
