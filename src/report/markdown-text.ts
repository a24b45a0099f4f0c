/** Text as code, whatever marks it has. */
export function code(text: string): string {
  return `\`${text.replace(/`/g, "'")}\``;
}

/** Keeps text from being read as a table or as HTML. */
export function inline(text: string): string {
  return text.replace(/[\\|<>*_`[\]]/g, '\\$&').replace(/\s+/g, ' ');
}
