import { createHash } from 'node:crypto';
import type { Snapshot } from './api.ts';
import { type PageFiles, readPageFiles } from './page-files.ts';

/** One file that opens from disk: the page, its data, and a policy by which it can load nothing. */
export function htmlReport(snapshot: Snapshot, files: PageFiles = readPageFiles()): string {
  const script = files.script.replaceAll('</script', '<\\/script');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(files.style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Proctor</title>
<link rel="icon" href="data:,">
<style>${files.style}</style>
</head>
<body>
<div id="page"></div>
<script type="application/json" id="snapshot">${inScript(snapshot)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** JSON that cannot end the element it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
