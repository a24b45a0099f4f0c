import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jsonSchemas } from './json-schema.ts';

/** What the package needs beside compiled code: run in `dist`, after it was compiled. */
const built = new URL('../', import.meta.url);
const source = new URL('../src/', built);

for (const data of ['schema/policy-vocabulary.toml', 'policy/default'])
  cpSync(fileURLToPath(new URL(data, source)), fileURLToPath(new URL(data, built)), { recursive: true });

const schemas = new URL('schema/json/', built);
mkdirSync(schemas, { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas()))
  writeFileSync(new URL(name, schemas), `${JSON.stringify(schema, null, 2)}\n`);
