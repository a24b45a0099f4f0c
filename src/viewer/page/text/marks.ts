const mostMarks = 20;
/** Shorter texts, such as ids, stand everywhere and show nothing. */
const shortestText = 8;

/** Texts to mark so that evidence stands out where it stands: its lines, and the texts in it where it is JSON. */
export function marksOf(evidence: string): string[] {
  const lines = evidence.split('\n').map((line) => line.trim());
  return [...textsIn(evidence), ...lines].filter((text) => text.length > 2).slice(0, mostMarks);
}

function textsIn(evidence: string): string[] {
  if (!/^\s*[[{]/.test(evidence)) return [];
  try {
    const texts: string[] = [];
    JSON.parse(evidence, (_, value) => {
      if (typeof value === 'string' && value.length >= shortestText) texts.push(value);
      return value;
    });
    return texts;
  } catch {
    return [];
  }
}
