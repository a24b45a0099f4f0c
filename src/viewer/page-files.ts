import { readFileSync } from 'node:fs';
import { messageOf, ProctorError } from '../errors.ts';

/** The built page: one document, one script, one style sheet. */
export interface PageFiles {
  html: string;
  script: string;
  style: string;
}

const built = new URL('../../dist/viewer/page/', import.meta.url);

/** Reads what the build left in `dist/viewer/page`. Throws `not-found` where it was not built. */
export function readPageFiles(): PageFiles {
  const read = (name: string) => readFileSync(new URL(name, built), 'utf8');
  try {
    return { html: read('index.html'), script: read('page.js'), style: read('page.css') };
  } catch (error) {
    const message = `the viewer's page is not built (npm run build): ${messageOf(error)}`;
    throw new ProctorError('not-found', message, { cause: error });
  }
}
