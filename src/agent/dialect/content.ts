import { type Content, textOf } from '../../schema/content.ts';
import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
import { objectIn, textIn } from './field.ts';

/** What stands in a message or result, in the parts of any protocol: text, images as data, and anything else as its JSON. */
export function contentsOf(value: Json | undefined): Content[] {
  const parts = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return parts.map((part): Content => {
    if (typeof part === 'string') return { type: 'text', text: part };
    if (!isJsonObject(part)) return { type: 'other', json: JSON.stringify(part) };
    if (typeof part.text === 'string') return { type: 'text', text: part.text };
    if (typeof part.refusal === 'string') return { type: 'text', text: part.refusal };
    return imageIn(part) ?? { type: 'other', json: JSON.stringify(part) };
  });
}

/** The text of the parts, in paragraphs. */
export const textsOf = (value: Json | undefined): string => textOf(contentsOf(value));

function imageIn({ source, image_url: image }: JsonObject): Content | undefined {
  const { type, media_type: mimeType, data } = objectIn(source);
  if (type === 'base64' && typeof mimeType === 'string' && typeof data === 'string')
    return { type: 'image', mimeType, data };
  const url = textIn(image) || textIn(objectIn(image).url);
  const [, mime, bytes] = /^data:(image\/[\w.+-]+);base64,(.+)$/s.exec(url) ?? [];
  return mime && bytes ? { type: 'image', mimeType: mime, data: bytes } : undefined;
}
