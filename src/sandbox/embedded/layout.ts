import { resolve } from 'node:path/posix';

/** The user that the shell reports; there are no permissions of users. */
export const user = 'user';
export const home = '/home/user';

/** The harness's shells search only what the agent cannot write to. */
export const harnessPath = '/usr/bin:/bin';
export const agentPath = `/usr/local/bin:${harnessPath}`;

/** Folders of every fresh sandbox. */
export const folders = [home, '/tmp', '/etc', '/var/tmp', '/usr/local/bin', '/opt', '/root'];

/** Files that a command's output is written to on its way to the caller. */
export const outputPaths = { stdout: '/dev/pipe/1', stderr: '/dev/pipe/2' } as const;

const readOnly = ['/bin', '/usr/bin', '/proc'];

const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** Whether the path belongs to the shell itself: it is never recorded and never changed. */
export const isReadOnly = (path: string) => readOnly.some((folder) => within(resolve(path), folder));

/** Whether the path is a device, which has no content. */
export const isDevice = (path: string) => within(resolve(path), '/dev');
