import { skipOptions } from './flag.ts';

/** Programs that contact a host named by an operand. */
const clients = new Set(
  [
    'curl wget http https aria2c lynx w3m nc ncat netcat telnet ping ping6 dig nslookup host traceroute tracepath',
    'nmap whois ftp tftp sftp ssh scp rsync mosh socat ssh-copy-id ssh-keyscan',
  ]
    .join(' ')
    .split(' '),
);

/** Programs that send something to a service they know themselves. */
const uploads: [program: string, first: RegExp, service: string][] = [
  ['npm', /^publish$/, 'npm'],
  ['twine', /^upload$/, 'pypi'],
  ['docker', /^push$/, 'docker'],
  ['aws', /^(s3|s3api)$/, 'aws'],
  ['gsutil', /^(cp|mv|rsync)$/, 'gcs'],
  ['rclone', /^(copy|sync|move|copyto)$/, 'rclone'],
  ['gh', /^(gist|issue|pr|release|api|repo)$/, 'github.com'],
];

const mailers = new Set(['mail', 'mailx', 'sendmail', 'mutt', 'swaks', 'msmtp']);

/** Flags of clients whose next argument is a value, not a host. */
const clientValues: Record<string, ReadonlySet<string>> = {
  curl: new Set(
    [
      '-o -d -H -X -F -T -u -A -e -b -c -x -m -w -K -E -r --output --data --data-raw --data-binary --data-urlencode',
      '--json --header --request --form --upload-file --user --user-agent --referer --cookie --max-time --retry',
      '--connect-timeout --resolve --cacert --cert --key --unix-socket --url-query --write-out --config',
    ]
      .join(' ')
      .split(' '),
  ),
  wget: new Set(
    '-O -o -P -t -T -U -a -e -i --header --post-data --post-file --method --body-data --timeout'.split(' '),
  ),
  ssh: new Set('-i -p -l -o -F -L -R -D -J -E -c -m -b -e -I -O -Q -S -W -w'.split(' ')),
  sftp: new Set('-i -P -o -F -b -l'.split(' ')),
  ping: new Set('-c -i -W -w -s -t -I'.split(' ')),
  nc: new Set('-w -p -s -i -q -e -c -X -x'.split(' ')),
  nmap: new Set('-p -o -oN -oX -iL'.split(' ')),
};
const noValues: ReadonlySet<string> = new Set();

const loopback = /^(localhost|127(\.\d+){3}|0\.0\.0\.0|::1|ip6-localhost|0)$/i;

/** Hosts other than this machine that a command contacts, as far as its arguments tell. */
export function hostsOf(
  name: string,
  args: readonly string[],
  redirects: readonly { op: string; path: string }[],
): string[] {
  const found = redirects.flatMap(({ path }) => path.match(/^\/dev\/(?:tcp|udp)\/([^/]+)/)?.[1] ?? []);
  found.push(...namedHosts(name, args));
  return [...new Set(found.filter((host) => host !== '' && !loopback.test(host) && !/[$`]/.test(host)))];
}

/** Host of a URL, of `user@host`, `host:path` or a bare name; empty where there is none. */
export function hostIn(word: string): string {
  if (/^file:/i.test(word)) return '';
  const url = word.match(/^[a-z][a-z0-9+.-]*:\/\/(?:[^/@\s]*@)?(\[[^\]]+\]|[^:/?#\s]+)/i)?.[1];
  if (url !== undefined) return url.replace(/^\[|\]$/g, '');
  const plain = word.replace(/^[^@\s/]+@/, '').match(/^([A-Za-z0-9_.-]+|[0-9a-f:]{3,})(?::|\/|$)/)?.[1];
  return plain ?? '';
}

function namedHosts(name: string, args: readonly string[]): string[] {
  if (name === 'git') return gitHosts(args);
  if (name === 'openssl') return args.flatMap((arg, i) => (args[i - 1] === '-connect' ? [hostIn(arg)] : []));
  if (mailers.has(name)) return args.flatMap((arg) => arg.match(/^[^@\s]+@([\w.-]+)$/)?.[1] ?? []);
  const upload = uploads.find(([program, first]) => program === name && first.test(args[0] ?? ''));
  if (upload) return [upload[2]];
  return clients.has(name) ? clientHosts(name, args) : [];
}

function clientHosts(name: string, args: readonly string[]): string[] {
  if (name === 'socat') {
    return args.flatMap(
      (arg) => arg.match(/^(?:tcp|udp|openssl|ssl)[46]?(?:-connect)?:([^:]+):/i)?.[1] ?? [],
    );
  }
  if (/^(scp|rsync)$/.test(name)) {
    return args.flatMap((arg) => (/^[^/-][^/]*:/.test(arg) ? [hostIn(arg)] : []));
  }
  if (/^(nc|ncat|netcat)$/.test(name) && args.some((arg) => /^-[a-z]*l/.test(arg))) return [];
  const hosts: string[] = [];
  const values = clientValues[/^(nc|ncat|netcat)$/.test(name) ? 'nc' : name] ?? noValues;
  for (let at = skipOptions(args, values); at < args.length; at = skipOptions(args, values, at + 1)) {
    hosts.push(clientHost(name, args[at] ?? ''));
    if (!/^(curl|wget|aria2c|ping6?|dig)$/.test(name)) break;
  }
  return hosts;
}

function clientHost(name: string, word: string): string {
  const bare = /^(curl|wget|http|https|aria2c)$/.test(name);
  return bare && !/:\/\/|^[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)/.test(word) ? '' : hostIn(word);
}

function gitHosts(args: readonly string[]): string[] {
  const at = skipOptions(args, new Set(['-C', '-c', '--git-dir', '--work-tree']));
  const verb = args[at];
  const rest = args.slice(at + 1).filter((arg) => !arg.startsWith('-'));
  const remote = rest.find((arg) => /:\/\/|^[\w.-]+@[\w.-]+:/.test(arg) && !arg.startsWith('file:'));
  if (remote) return /^(push|clone|fetch|pull|ls-remote|archive)$/.test(verb ?? '') ? [hostIn(remote)] : [];
  if (verb === 'push') return /^[./~]/.test(rest[0] ?? '') ? [] : [rest[0] ?? 'origin'];
  return [];
}
