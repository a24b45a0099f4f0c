import { z } from 'zod';

const subjects = {
  refund: /\b(refund|money back|pay(ing)? back|reimburse)/i,
  exchange: /\b(exchang|replac|swap|instead send|send you)/i,
  address:
    /(?<!e-?mail )\baddress|\bredirect|\b(deliver|delivered|send|sent|ship|go|goes) (it |them |straight |directly )*to (?!you\b)/i,
} as const;
type Subject = keyof typeof subjects;

/** How a scripted customer answers; the agent never sees it. */
export const customerReplies = z.strictObject({
  /** Said where a message asks who they are; of several, one after the other, and then the last again. */
  identity: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  /** The answer to "shall I …?", by what it is about: yes, no, or a no in the customer's own words; else a no. */
  confirms: z
    .partialRecord(z.enum(['refund', 'exchange', 'address']), z.union([z.boolean(), z.string()]))
    .default({}),
  /** Tried in order: the first whose words all occur in the message. */
  answers: z.array(z.strictObject({ words: z.array(z.string()).min(1), say: z.string() })).default([]),
  otherwise: z.string().default('Sorry, I don’t know what you mean.'),
});
export type CustomerReplies = z.infer<typeof customerReplies>;

const asksWhoTheyAre = /\b(e-?mail|verify|identity|identify|your (postcode|postal code))\b/i;
const asksForConsent =
  /\b(confirm|go ahead|proceed|agree|approve|(shall|should|may|can) (i|we)|do you want|(want|like) me to|would you like|(happy|ok|okay|fine) (for|with|if)|(work|works|sound|sounds) (for you|good|right|okay)|is (this|that|it) (all )?(ok|okay|right|correct|fine)|let me know (if|whether)|yes)\b|\b(ok|okay|right|correct)\?/i;
const readsBack =
  /\b(confirm|go ahead|is (this|that|it) (all )?(ok|okay|right|correct|fine))\b|\b(ok|okay|right|correct)\?/i;
const contrast =
  /\b(instead of|rather than|in place of)\b[^.,;?!]*?\b(refund|exchang|replac|money back)\w*/gi;

/** What the scripted customer says: who they are, yes or no where consent is asked for, else the first answer that fits. */
export function replyTo(text: string, replies: CustomerReplies, said: readonly string[] = []): string {
  const identity = nextOf([replies.identity ?? []].flat(), said);
  if (identity !== undefined && /post ?code|postal code/i.test(text) && asksWhoTheyAre.test(text)) {
    return identity;
  }
  const subject = proposedIn(text) ?? onlyWish(text, replies);
  if (subject !== undefined) return consent(replies.confirms[subject]);
  const answer = replies.answers.find(({ words }) => words.every((word) => contains(text, word)));
  return answer?.say ?? replies.otherwise;
}

function nextOf(lines: readonly string[], said: readonly string[]): string | undefined {
  return lines.find((line) => !said.includes(line)) ?? lines.at(-1);
}

/** What a message wants a yes to; undefined where it does not, or leaves a choice. */
function proposedIn(text: string): Subject | undefined {
  const sentences = text.replace(contrast, '').split(/(?<=[.?!])\s+/);
  const asking = sentences.findLastIndex((sentence) => asksForConsent.test(sentence));
  if (asking < 0) return undefined;
  const nearest = [...sentences.slice(0, asking + 1).reverse(), ...sentences.slice(asking + 1)];
  const named = nearest.map(subjectsIn).find((found) => found.length > 0);
  const isChoice = named !== undefined && named.length > 1 && /\bor\b/i.test(sentences[asking] ?? '');
  return isChoice ? undefined : named?.[0];
}

/** Who wants one thing only knows what is meant, where that is read back without its name. */
function onlyWish(text: string, { confirms }: CustomerReplies): Subject | undefined {
  const [wish, ...others] = Object.keys(confirms) as Subject[];
  const isNamed = Object.values(subjects).some((pattern) => pattern.test(text));
  if (others.length > 0 || isNamed || asksWhoTheyAre.test(text)) return undefined;
  return readsBack.test(text) ? wish : undefined;
}

/** In the order in which a sentence names them. */
function subjectsIn(sentence: string): Subject[] {
  return (Object.keys(subjects) as Subject[])
    .map((subject) => ({ subject, at: sentence.search(subjects[subject]) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ subject }) => subject);
}

function consent(answer: boolean | string | undefined): string {
  if (typeof answer === 'string') return answer;
  return answer === true ? 'Yes, please go ahead.' : 'No, please don’t do that.';
}

function contains(text: string, word: string): boolean {
  return text.toLowerCase().includes(word.toLowerCase());
}
