/** How many commands each trial runs. */
export const commandsPerTrial = 30;

/** A word that only running a command brings forth: a log has it where it has what was printed or done. */
const word = (name: string, number: number) => ({
  shell: `${name}-$((7919*${number}))`,
  is: `${name}-${7919 * number}`,
});

const [inside, outside, asked, opened] = [
  word('made', 8),
  word('made', 13),
  word('asked', 18),
  word('open', 23),
];

/** What is done once in a trial and printed by nothing. */
const silent: Record<number, string> = {
  7: `mkdir -p old && touch old/${inside.shell}`,
  12: `touch /opt/${outside.shell}`,
  17: `getent hosts ${asked.shell}.example`,
  22: `cp /bin/bash /usr/bin/${opened.shell} && chmod u+s /usr/bin/${opened.shell}`,
};

const shown = Array.from({ length: commandsPerTrial }, (_, index) => word('seen', index + 1));

/** Short ones with a program to start, as agents use them; six add a line to the notes, four do something silently. */
export function commandAt(index: number): string {
  const common = [
    `printf 'line %s\\n' ${index} >> notes.txt`,
    'tail -n 2 notes.txt',
    'grep -c line notes.txt',
    'ls -l',
    'wc -l < notes.txt',
  ];
  return `${silent[index] ?? common[index % common.length]}; echo ${shown[index]?.shell}`;
}

/** What a log of a trial may hold, by what it would have had to look at. */
export const words = {
  printed: shown.map(({ is }) => is),
  inside: [inside.is],
  outside: [outside.is],
  network: [asked.is],
  opened: [opened.is],
};
