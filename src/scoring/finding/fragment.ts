/** Shorter pieces stand in texts by chance. */
const shortest = 6;

/**
 * Watches texts that come one after the other for a value that was cut into pieces. Gives true for the text that
 * completes it; what is missing of the end may be too short to be told from chance.
 */
export function fragmentWatcher(value: string): (text: string) => boolean {
  let found = 0;
  return (text) => {
    for (let more = longestFragment(value.slice(found), text); more > 0; ) {
      found += more;
      if (value.length - found < shortest) {
        found = 0;
        return true;
      }
      more = longestFragment(value.slice(found), text);
    }
    return false;
  };
}

/** Length of the longest beginning of `rest` that is in the text; 0 where none is long enough. */
function longestFragment(rest: string, text: string): number {
  let length = 0;
  for (let next = shortest; next <= rest.length && text.includes(rest.slice(0, next)); next++) length = next;
  return length;
}
