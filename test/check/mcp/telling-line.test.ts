import { describe, expect, it } from 'vitest';
import { tellingLine } from '../../../src/check/mcp/telling-line.ts';

describe('the line that tells why a program ended', () => {
  it('is the last that names an error, not the version that Node.js ends with', () => {
    const said = `starting
node:internal/modules/cjs/loader:1228
  throw err;
  ^
Error: Cannot find module '/data/app.db'
    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)
{
  code: 'MODULE_NOT_FOUND',
  errstr: 'an error'
}

Node.js v22.23.3`;
    expect(tellingLine(said.split('\n'))).toBe("Error: Cannot find module '/data/app.db'");
  });

  it('is the last line where none names an error, with control characters shown', () => {
    expect(tellingLine(['starting', 'give me a \u001b[31mURL', ''])).toBe('give me a \\x1b[31mURL');
    expect(tellingLine([])).toBeUndefined();
  });
});
