const archive = /\.(gz|tgz|bz2|xz|zst|zip|tar|7z|rar|bundle|dump)$/i;

/** Whether a file is one that others may be packed in, by its name. */
export const isArchiveName = (path: string): boolean => archive.test(path);
