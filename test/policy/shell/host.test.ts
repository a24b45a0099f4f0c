import { describe, expect, it } from 'vitest';
import { hostIn, hostsOf } from '../../../src/policy/shell/host.ts';

const hosts = (line: string) => {
  const [name = '', ...args] = line.split(' ');
  return hostsOf(name, args, []);
};

describe('the host in a word', () => {
  it.each([
    ['https://user:pass@example.com:8443/a?b#c', 'example.com'],
    ['HTTP://EXAMPLE.com', 'EXAMPLE.com'],
    ['http://[2001:db8::1]:80/x', '2001:db8::1'],
    ['bob@example.com:/tmp', 'example.com'],
    ['example.com:file', 'example.com'],
    ['plain', 'plain'],
    ['file:///etc/passwd', ''],
    ['/etc/passwd', ''],
    ['', ''],
  ])('%s is "%s"', (word, host) => {
    expect(hostIn(word)).toBe(host);
  });
});

describe('the hosts that a command contacts', () => {
  it.each([
    ['curl -o out -H a:b https://a.example/x b.example', ['a.example', 'b.example']],
    ['curl -d @file notes', []],
    ['wget http://a.example/x http://b.example/y', ['a.example', 'b.example']],
    ['ssh -i key -p 22 bob@a.example uptime', ['a.example']],
    ['scp a bob@a.example:/tmp', ['a.example']],
    ['rsync -a /x a.example:/y', ['a.example']],
    ['scp ./a:b /tmp', []],
    ['nc -w 3 a.example 80', ['a.example']],
    ['nc -lvp 80', []],
    ['socat - TCP:a.example:80', ['a.example']],
    ['socat TCP-LISTEN:80 -', []],
    ['git clone https://a.example/r.git', ['a.example']],
    ['git clone git@a.example:r.git', ['a.example']],
    ['git -C dir push', ['origin']],
    ['git push /srv/r.git', []],
    ['git clone file:///srv/r.git', []],
    ['git log https://a.example', []],
    ['openssl s_client -connect a.example:443', ['a.example']],
    ['mail -s hi bob@a.example', ['a.example']],
    ['npm publish', ['npm']],
    ['npm install', []],
    ['aws s3 cp a s3://b', ['aws']],
    ['echo https://a.example', []],
  ])('`%s` are %j', (line, expected) => {
    expect(hosts(line)).toEqual(expected);
  });

  it.each(['localhost', '127.0.0.1', '127.8.9.1', '0.0.0.0', '[::1]'])(
    'are not this machine’s, as %s',
    (host) => {
      expect(hosts(`curl http://${host}:80/`)).toEqual([]);
    },
  );

  it('are those of a shell’s own sockets, once each, and none that has to be worked out first', () => {
    const redirects = [
      { op: '>', path: '/dev/tcp/a.example/80' },
      { op: '<', path: '/dev/udp/a.example/53' },
      { op: '>', path: '/dev/tcp/$HOST/80' },
    ];
    expect(hostsOf('cat', [], redirects)).toEqual(['a.example']);
    expect(hosts('curl http://$HOST/')).toEqual([]);
  });

  it('end with no name, with a name as in objects, and with very many', () => {
    expect(hosts('constructor a.example')).toEqual([]);
    expect(hosts('ssh')).toEqual([]);
    expect(hosts(`curl ${'http://a.example '.repeat(20_000)}`)).toEqual(['a.example']);
  });
});
