import { createHash } from 'node:crypto';
import { marked } from 'marked';

/** Markdown as one file that opens from disk, can load nothing and run nothing, and is light or dark as its reader is used to. */
export function htmlPage(markdown: string, title: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
${marked(markdown, { async: false }).replace(/<table>[\s\S]*?<\/table>/g, scrolled)}</main>
</body>
</html>
`;
}

/** A table that is wider than the page scrolls in its own place; its first words of a row have the look of what they say. */
function scrolled(table: string): string {
  const told = table
    .replaceAll('<th>', '<th scope="col">')
    .replaceAll('<td>ok</td>', '<td class="good">ok</td>')
    .replaceAll('<td><strong>flaw</strong></td>', '<td class="bad"><strong>flaw</strong></td>')
    .replaceAll('<td>not looked at</td>', '<td class="dim">not looked at</td>');
  return `<div class="wide" role="region" aria-label="table" tabindex="0">${told}</div>`;
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const style = `
:root { color-scheme: light dark; --ground: #f6f7f9; --sheet: #fff; --raised: #eef1f5; --line: #d9dee6; --text: #1b2430; --dim: #566273; --link: #1650b8; --good: #12703c; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0f141b; --sheet: #161d27; --raised: #1f2835; --line: #2e3948; --text: #e4e9f0; --dim: #9dabbd; --link: #8ab4ff; --good: #6fd79a; --bad: #ff9a92; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
main { max-width: 68rem; margin: 1.5rem auto; padding: 1rem 2rem 2rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 2rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line); font-size: 1.2rem; }
h3 { margin: 1.4rem 0 .4rem; font-size: 1rem; }
p, ul { margin: .5rem 0; max-width: 46rem; }
a { color: var(--link); }
code { padding: .1em .3em; background: var(--raised); border-radius: 4px; font: .88em ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; }
.wide { overflow-x: auto; margin: .8rem 0; }
.wide:focus-visible { outline: 2px solid var(--link); }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { color: var(--dim); font-weight: 600; white-space: nowrap; }
td:first-child { white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .dim { color: var(--dim); }
@media (max-width: 40rem) {
  main { margin: 0; padding: .5rem 1rem 1.5rem; border: 0; border-radius: 0; }
  td { min-width: 9rem; } td:first-child { min-width: 0; } td:nth-child(3) { min-width: 17rem; }
}
@media print { body, main { background: none; border: 0; } }
`;
