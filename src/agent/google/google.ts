import type { GenerateContentConfig, GenerateContentParameters } from '@google/genai/web';
import type { Json, JsonObject } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';
import type { Agent } from '../agent.ts';
import type { EndpointAddress, Provider } from '../model/address.ts';
import { type AskOptions, asker } from '../model/ask.ts';
import { checkKey } from '../model/check-key.ts';
import { modelAgent } from '../model/model-agent.ts';
import { type ModelParameters, refuseOwn } from '../model/parameters.ts';
import { systemPrompt } from '../model/prompt.ts';
import { clientTarget } from '../model/target.ts';
import type { WireTools } from '../model/wire-tools.ts';
import { emptyAnswer } from './answer.ts';
import { contentsOf } from './contents.ts';
import { decisionOf, tookOf } from './decision.ts';

export interface GoogleOptions extends AskOptions, EndpointAddress {
  parameters?: ModelParameters;
}

const provider: Provider = {
  baseUrl: 'https://generativelanguage.googleapis.com',
  urlVariable: 'GOOGLE_GEMINI_BASE_URL',
  example: 'http://127.0.0.1:8000',
  keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
};

/** A model behind any endpoint that speaks Gemini's generateContent. Throws `bad-flag` where there is neither a key nor an endpoint of one's own. */
export function googleAgent(options: GoogleOptions): Agent {
  const { model, parameters = {} } = options;
  const id = `google:${model}`;
  refuseOwn(id, parameters, ['contents', 'systemInstruction']);
  const target = clientTarget(id, options, provider);
  return modelAgent(options, {
    kind: 'google',
    baseUrl: target.baseUrl,
    dialect: 'gemini',
    list: 'contents',
    bodyOf: (view, tools) => bodyOf(view, { model, parameters, tools }),
    ask: asker(id, options, {
      to: () => target,
      empty: emptyAnswer,
      request: async (body: Body, answer, watch) => (await client()).request(target, body, answer, watch),
      tookOf,
    }),
    decisionOf,
    check: () => checkKey(id, target.baseUrl, async () => (await client()).listModels(target)),
  });
}

/** The SDK takes a while to load. */
const client = () => import('./request.ts');

type Body = GenerateContentParameters & { contents: readonly unknown[] };

function bodyOf(
  view: View,
  { model, parameters, tools: wire }: { model: string; parameters: ModelParameters; tools: WireTools },
): Body {
  const functionDeclarations = wire.tools.map(({ name, description, schema }) => ({
    name,
    description,
    ...(schema && { parameters: schema }),
  }));
  return {
    model,
    contents: contentsOf(view, model, wire),
    config: {
      systemInstruction: systemPrompt(view, wire),
      ...(functionDeclarations.length > 0 && { tools: [{ functionDeclarations }] }),
      ...configOf(parameters),
    },
  };
}

/** What the client has a place for. It drops what it does not know, so that goes into the request as it is. */
const known = new Set(
  `temperature topP topK candidateCount maxOutputTokens stopSequences responseLogprobs logprobs presencePenalty
   frequencyPenalty seed responseMimeType responseSchema responseJsonSchema safetySettings toolConfig labels cachedContent
   responseModalities mediaResolution speechConfig thinkingConfig imageConfig serviceTier`.split(/\s+/),
);

function configOf({ extra_body = {}, ...parameters }: ModelParameters): GenerateContentConfig {
  const given = Object.entries(parameters).flatMap(([name, value]): [string, Json][] =>
    value == null ? [] : [[name, value]],
  );
  const extraBody: JsonObject = {
    ...Object.fromEntries(given.filter(([name]) => !known.has(name))),
    ...extra_body,
  };
  return {
    ...Object.fromEntries(given.filter(([name]) => known.has(name))),
    ...(Object.keys(extraBody).length > 0 && { httpOptions: { extraBody } }),
  };
}
