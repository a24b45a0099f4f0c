import { mkdirSync, writeFileSync } from 'node:fs';
import { jsonSchemas } from './json-schema.ts';

const dir = new URL('./json/', import.meta.url);
mkdirSync(dir, { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas())) {
  writeFileSync(new URL(name, dir), `${JSON.stringify(schema, null, 2)}\n`);
}
