import { config } from 'zod';

/** Schemas that come along with the summing up try out `eval` as they are made, which the page's security policy reports. */
config({ jitless: true });
