/** How a program uses its operands; flags take their value as the next argument or after `=`. */
export interface Program {
  /** Flags whose next argument is a value and no operand. */
  values?: string[];
  /** Leading operands that are no paths: a pattern, a script, a mode. */
  skip?: number;
  /** Flags that give what the skipped operand would. */
  unskip?: string[];
  reads?: 'all' | 'sources' | 'none';
  writes?: 'all' | 'last';
  deletes?: 'all' | 'sources';
  readFlags?: string[];
  writeFlags?: string[];
}

const none: Program = { reads: 'none' };
const remove: Program = { reads: 'none', deletes: 'all' };
const write: Program = { reads: 'none', writes: 'all' };
const pattern: Program = {
  values: ['-e', '-m', '-A', '-B', '-C', '-g', '-t'],
  skip: 1,
  unskip: ['-e', '-f', '--regexp', '--file'],
  reads: 'all',
};
const read: Program = { reads: 'all' };
const counted: Program = { values: ['-n', '-c'], reads: 'all' };

const each = (names: string, program: Program): Record<string, Program> =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, program]));

/** Programs whose operands are not simply files to read. */
export const programs: Record<string, Program> = {
  ...each('rm unlink rmdir srm', remove),
  ...each('tee mkfifo sponge patch', write),
  ...each(
    `mknod ssh sftp git docker echo printf ls ll dir tree stat test [ find fd locate cd pushd which type
    whereis command man du df basename dirname realpath readlink chmod chown chgrp chattr setfacl setcap
    getcap getfacl useradd usermod mount umount ps pgrep pkill kill export declare alias set trap eval
    sudo doas env nohup xargs timeout nice time exec setsid busybox watch ssh-keygen apt-get apt pip npm`,
    none,
  ),
  ...each('grep egrep fgrep zgrep rg ag', pattern),
  ...each(
    `cat tac nl less more most strings base64 base32 hexdump hd rev source . cmp diff wc sum cksum md5sum
    sha1sum sha256sum vi vim nano view zcat gzip bzip2 xz zip gpg paste column fold uniq shuf split
    csplit iconv`,
    read,
  ),
  ...each('head tail', counted),
  shred: { values: ['-n', '-s'], reads: 'none', writes: 'all', deletes: 'all' },
  cp: { values: ['-S'], reads: 'sources', writes: 'last' },
  mv: { values: ['-S'], reads: 'sources', writes: 'last', deletes: 'sources' },
  ln: { reads: 'sources', writes: 'last' },
  install: { values: ['-m', '-o', '-g'], reads: 'sources', writes: 'last' },
  rsync: { values: ['-e', '--exclude', '--include'], reads: 'sources', writes: 'last' },
  scp: { values: ['-i', '-P', '-o', '-F', '-l'], reads: 'sources', writes: 'last' },
  touch: { values: ['-d', '-r', '-t'], reads: 'none', writes: 'all' },
  truncate: { values: ['-s', '-r'], reads: 'none', writes: 'all' },
  mkdir: { values: ['-m'], reads: 'none', writes: 'all' },
  ed: { reads: 'all', writes: 'all' },
  ex: { reads: 'all', writes: 'all' },
  fallocate: { values: ['-l', '-o'], reads: 'none', writes: 'all' },
  awk: { values: ['-F', '-v'], skip: 1, unskip: ['-f'], reads: 'all', readFlags: ['-f'] },
  gawk: { values: ['-F', '-v'], skip: 1, unskip: ['-f'], reads: 'all' },
  mawk: { values: ['-F', '-v'], skip: 1, unskip: ['-f'], reads: 'all' },
  sed: { values: ['-e', '-f', '-l'], skip: 1, unskip: ['-e', '-f', '--expression', '--file'], reads: 'all' },
  jq: { values: ['--arg', '--argjson'], skip: 1, reads: 'all' },
  cut: { values: ['-d', '-f', '-c', '-b'], reads: 'all' },
  sort: { values: ['-k', '-t', '-o'], reads: 'all', writeFlags: ['-o', '--output'] },
  xxd: { values: ['-l', '-s', '-c', '-g'], reads: 'all' },
  od: { values: ['-A', '-t', '-N', '-j'], reads: 'all' },
  curl: { ...none, writeFlags: ['-o', '--output'], readFlags: ['-T', '--upload-file', '-K', '--config'] },
  wget: {
    ...none,
    writeFlags: ['-O', '--output-document'],
    readFlags: ['--post-file', '--body-file', '-i', '--input-file'],
  },
  openssl: { ...none, readFlags: ['-in', '-inkey'], writeFlags: ['-out'] },
};
