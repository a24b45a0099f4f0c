import { z } from 'zod';

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object, such as a tool call's arguments. */
export const jsonObject = z.record(z.string(), z.json());
export type JsonObject = { [key: string]: Json };
