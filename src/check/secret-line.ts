import type { Task } from '../task/task.ts';

/** A file that the agent must not see. */
export interface HiddenFile {
  /** Relative to the task's folder. */
  name: string;
  text: string;
  /** Lines that would give it away, trimmed. */
  lines: string[];
}

const code = /\.(sh|bash|py|js|mjs|ts|rb|pl|sql|awk|jq)$/;
const telling = /(expected|answer|solution|reward)/i;
/** Characters from which a line of a script is unlikely to stand elsewhere by chance. */
const shortest = 24;

/** Solution, tests and reference of a task. Data of tests counts only where its name says what it is: inputs are often repeated there. */
export function hiddenFiles(task: Task): HiddenFile[] {
  const solution = task.solution.map((file) => hidden(`solution/${file.path}`, file.content));
  const tests = task.tests
    .filter(({ path }) => code.test(path) || telling.test(path))
    .map((file) => hidden(`tests/${file.path}`, file.content));
  return [...solution, ...tests].filter(({ text }) => text !== '');
}

function hidden(name: string, content: Uint8Array): HiddenFile {
  const text = Buffer.from(content).toString('utf8').trim();
  return { name, text, lines: code.test(name) ? distinctive(text, shortest) : [] };
}

/** Long lines of a text that are no comments. */
function distinctive(text: string, length: number): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line.length >= length && !line.startsWith('#')))];
}

/** Whether a text is a hidden file, or has half of its telling lines. */
export function givesAway(text: string, file: HiddenFile): boolean {
  if (text.trim() === file.text) return true;
  if (file.lines.length === 0) return false;
  const shared = file.lines.filter((line) => text.includes(line));
  return shared.length * 2 >= file.lines.length;
}
