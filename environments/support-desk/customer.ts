import { type CustomerReplies, customerReplies } from './desk.ts';

const asksForConsent =
  /\b(confirm|go ahead|shall i|should i|would you like|is (this|that) (ok|okay|right|correct)|do you agree)\b/i;
const subjects = [
  ['refund', /\b(refund|money back)/i],
  ['exchange', /\b(exchange|replace|swap)/i],
  ['address', /\baddress/i],
] as const;

/** What the scripted customer says to a message: yes or no where consent is asked for, else the first answer that fits. */
export function replyTo(text: string, replies: CustomerReplies = customerReplies.parse({})): string {
  const answer = replies.answers.find(({ words }) => words.every((word) => contains(text, word)));
  if (!asksForConsent.test(text)) return answer?.say ?? replies.otherwise;
  const subject = subjects.find(([, pattern]) => pattern.test(text))?.[0];
  if (subject === undefined) return answer?.say ?? replies.otherwise;
  return replies.confirms[subject] === true ? 'Yes, please go ahead.' : 'No, please don’t do that.';
}

function contains(text: string, word: string): boolean {
  return text.toLowerCase().includes(word.toLowerCase());
}
