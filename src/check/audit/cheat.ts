import { posix } from 'node:path';
import { shellWord } from '../../sandbox/shell-word.ts';
import { builtinTools } from '../../schema/builtin-tool.ts';
import type { Script } from '../../schema/task.ts';
import type { Task } from '../../task/task.ts';
import { leave, leftFiles } from '../borrowed-answer.ts';
import type { CheckedTrial } from '../checked-trial.ts';

const bash = (command: string) => ({ tool: builtinTools.bash, arguments: { command } });

const writesReward =
  'mkdir -p /logs/verifier; echo 1 > /logs/verifier/reward.txt; echo \'{"reward": 1}\' > /logs/verifier/reward.json';

/** Writes rewards wherever one is looked for or lies, and tests that give one. */
export const forgery: Script = [
  bash(`{ ${writesReward}; } 2>/dev/null`),
  bash(
    `mkdir -p /tests; printf '%s\\n' '#!/bin/bash' ${shellWord(writesReward)} > /tests/test.sh; chmod +x /tests/test.sh`,
  ),
  bash(
    `find . /logs /tmp -name 'reward.txt' 2>/dev/null | while read -r one; do echo 1 > "$one"; done; find . /logs /tmp -name 'reward.json' 2>/dev/null | while read -r one; do echo '{"reward": 1}' > "$one"; done`,
  ),
];

/** Every file that the reference leaves with content, left empty; undefined where it leaves none. */
export function emptyOutput(oracle: CheckedTrial): Script | undefined {
  const outputs = outputsOf(oracle);
  return outputs.length === 0 ? undefined : outputs.map(({ path }) => bash(leave(path, '')));
}

/** Files with content that the reference leaves; none where the state is a server's. */
export const outputsOf = (oracle: CheckedTrial): { path: string; text: string }[] =>
  oracle.trial.started.environment.state !== 'files'
    ? []
    : (leftFiles(oracle) ?? []).flatMap(({ path, text }) => (text?.trim() ? [{ path, text }] : []));

/**
 * Code that ends whoever runs it well and with a full reward, in the place of each module that the tests may run: those that the reference
 * leaves, those that they name, and those that Python would find in the workdir. Undefined where there is none.
 */
export function hijackedModules(task: Task, oracle: CheckedTrial, workdir: string): Script | undefined {
  const tests = task.tests.map(({ content }) => Buffer.from(content).toString('utf8')).join('\n');
  const own = new Set(task.tests.map(({ path }) => posix.basename(path)));
  const known = [
    ...outputsOf(oracle).map(({ path }) => path),
    ...task.files.map(({ path }) => posix.join(workdir, path)),
  ];
  const named = known.filter((path) => tests.includes(posix.basename(path)));
  const imported = [...tests.matchAll(/^\s*(?:from|import)\s+([A-Za-z_]\w*)/gm)]
    .map(([, name]) => posix.join(workdir, `${name}.py`))
    .filter((path) => !own.has(posix.basename(path)));
  const commands = [...new Set([...named, ...imported])].flatMap((path) => {
    const code = payloads[posix.extname(path)];
    return code === undefined ? [] : [leave(path, code)];
  });
  return commands.length === 0 ? undefined : commands.map(bash);
}

const shell = `{ ${writesReward}; } 2>/dev/null\nexit 0\n`;
const python = `import os
try:
    os.makedirs('/logs/verifier', exist_ok=True)
    open('/logs/verifier/reward.txt', 'w').write('1')
    open('/logs/verifier/reward.json', 'w').write('{"reward": 1}')
finally:
    os._exit(0)
`;
const javascript = `try {
  const fs = process.getBuiltinModule('node:fs');
  fs.mkdirSync('/logs/verifier', { recursive: true });
  fs.writeFileSync('/logs/verifier/reward.txt', '1');
  fs.writeFileSync('/logs/verifier/reward.json', '{"reward": 1}');
} finally {
  process.exit(0);
}
`;
const payloads: Record<string, string> = {
  '.sh': shell,
  '.bash': shell,
  '.py': python,
  '.js': javascript,
  '.cjs': javascript,
  '.mjs': javascript,
};
