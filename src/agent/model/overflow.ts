/**
 * What endpoints say where a conversation no longer fits the model's context: the words of OpenAI, Azure, Anthropic, Gemini, Bedrock,
 * vLLM, SGLang, TGI, llama.cpp, Ollama, LM Studio, Together, Fireworks, Groq, Cerebras, Mistral, DeepSeek, Qwen, Moonshot, Z.ai, MiniMax,
 * xAI, Cohere, OpenRouter and Copilot. What is too long or too much has to be the input: a wrong `max_tokens` is no overflow.
 */
const meanings = [
  /context.?(length|size|window|limit)/,
  /model_max_prompt_tokens|max_input_tokens|request_too_large|max_seq_len/,
  /reduce (the|your) (length|size|number) of (the |your )?(messages?|prompt|input|tokens)|reduce (the|your) (prompt|input|messages?)/,
  /range of input length/,
  /too many (input |prompt |total )?tokens/,
  /(?<!image |file |audio )\b(prompt|input|conversation|sequence|messages)s?\b.{0,80}\b(too (long|large|big)|exceed\w*|longer than|(greater|larger|more) than)\b/,
  /\b(maximum|max) (prompt|input|sequence|model) (length|tokens)/,
  /\b(inputs?|prompt)\b.{0,80}\bmust (be|have) (<|≤|less|fewer|at most|no more)/,
  /\b(request|conversation|tokens?)\b.{0,40}\bexceed\w*.{0,40}\b(token|context)\b.{0,20}/,
  /\btokens\b.{0,40}\bexceed\w*.{0,40}\b(max|limit)/,
];

/** Not about length, or not about the conversation. */
const others =
  /per (minute|day|hour|second)|\b[rt]p[mdh]\b|rate.?limit|quota|balance|credits?\b|tools?\[|'tools|\bimages? (is|size|dimension|too)/;

/** What a failed request says. */
interface Said {
  status: number | undefined;
  /** Its code, type and message. */
  words: string;
}

/** Whether a request failed because the conversation no longer fits; `more` are further patterns for it. */
export function isOverflow({ status, words }: Said, more: readonly RegExp[] = []): boolean {
  if (more.some((one) => one.test(words))) return true;
  const text = words.toLowerCase();
  if (status === 401 || status === 402 || status === 403 || status === 429 || others.test(text)) return false;
  return status === 413 || meanings.some((meaning) => meaning.test(text));
}
