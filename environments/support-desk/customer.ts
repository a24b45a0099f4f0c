import { type CustomerReplies, customerReplies } from './desk.ts';

const asksWhoTheyAre = /\b(e-?mail|verify|identity|your postcode)\b/i;
const asksForConsent =
  /\b(confirm|go ahead|proceed|shall i|should i|may i|can i|do you (agree|want)|would you like|is (this|that) (ok|okay|right|correct|fine))\b/i;
const subjects = [
  ['refund', /\b(refund|money back)/i],
  ['exchange', /\b(exchange|replace|swap)/i],
  ['address', /\baddress/i],
] as const;

/** What the scripted customer says: who they are, yes or no where consent is asked for, else the first answer that fits. */
export function replyTo(text: string, replies: CustomerReplies = customerReplies.parse({})): string {
  if (replies.identity !== undefined && contains(text, 'postcode') && asksWhoTheyAre.test(text)) {
    return replies.identity;
  }
  const subject = subjects.find(([, pattern]) => pattern.test(text))?.[0];
  if (subject !== undefined && asksForConsent.test(text)) {
    return replies.confirms[subject] === true ? 'Yes, please go ahead.' : 'No, please don’t do that.';
  }
  const answer = replies.answers.find(({ words }) => words.every((word) => contains(text, word)));
  return answer?.say ?? replies.otherwise;
}

function contains(text: string, word: string): boolean {
  return text.toLowerCase().includes(word.toLowerCase());
}
