import { expect, it } from 'vitest';
import { isOverflow } from '../../../src/agent/model/overflow.ts';

it.each([
  [400, "context_length_exceeded invalid_request_error This model's maximum context length is 8192 tokens."],
  [400, 'Your input exceeds the context window of this model. Please adjust your input and try again.'],
  [400, 'invalid_request_error prompt is too long: 209133 tokens > 200000 maximum'],
  [400, 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000'],
  [413, 'request_too_large Request exceeds the maximum size'],
  [400, 'The input token count (1050000) exceeds the maximum number of tokens allowed (1048576).'],
  [400, 'Input is too long for requested model.'],
  [400, 'The decoder prompt (length 9000) is longer than the maximum model length of 8192.'],
  [400, "The input (9000 tokens) is longer than the model's context length (8192 tokens)."],
  [
    422,
    'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens',
  ],
  [422, 'Input validation error: `inputs` must have less than 4095 tokens. Given: 5000'],
  [400, 'exceed_context_size_error the request exceeds the available context size, try increasing it'],
  [500, 'prompt too long; exceeded max context length by 12 tokens'],
  [500, 'the input length exceeds the context length'],
  [
    400,
    'Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens',
  ],
  [400, 'Please reduce the length of the messages or completion. Current length is 8200 while limit is 8192'],
  [
    400,
    'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
  ],
  [400, '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]'],
  [400, 'Invalid request: Your request exceeded model token limit: 131072'],
  [400, '1261 Prompt exceeds max length'],
  [400, "This model's maximum prompt length is 131072 but the request contains 140000 tokens."],
  [400, 'too many tokens: total number of tokens in the prompt cannot exceed 4081'],
  [400, 'model_max_prompt_tokens_exceeded prompt token count of 130000 exceeds the limit of 128000'],
  [400, 'Prompt length 5000 is greater than max_seq_len 4096'],
  [400, "Invalid 'messages[3].content': string too long. Expected a string with maximum length 1048576."],
])('takes %i "%s" for an overflow', (status, words) => {
  expect(isOverflow({ status, words })).toBe(true);
});

it.each([
  [400, 'max_tokens is too large: 20000. This model supports at most 16384 completion tokens.'],
  [
    400,
    "Invalid 'tools[0].function.description': string too long. Expected a string with maximum length 1024.",
  ],
  [413, 'Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 7000'],
  [429, 'You exceeded your current quota; too many tokens'],
  [402, 'Prompt tokens limit exceeded: 5000 > 3000. To increase, visit settings and add credits'],
  [400, 'Image is too large: 30 MB'],
  [400, 'Unsupported parameter: temperature'],
  [500, 'kaputt'],
])('takes %i "%s" for another failure', (status, words) => {
  expect(isOverflow({ status, words })).toBe(false);
});

it('takes what a pattern of the user matches for one', () => {
  expect(isOverflow({ status: 400, words: 'E42' }, [/e42/i])).toBe(true);
});
