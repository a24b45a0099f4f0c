/** Labels as a command line lists them. */
export const labelsIn = (list = ''): string[] =>
  list
    .split(',')
    .map((label) => label.trim())
    .filter((label) => label !== '');
