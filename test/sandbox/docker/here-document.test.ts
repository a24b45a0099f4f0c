import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/sandbox/docker/dockerfile.ts';
import { withoutHereDocuments } from '../../../src/sandbox/docker/here-document.ts';

const plain = (text: string) => withoutHereDocuments(parseDockerfile(text));

test('runs a text as the script of the shell, and keeps the numbers of lines', () => {
  expect(
    plain('FROM a\nRUN --mount=type=tmpfs,target=/x <<-EOF\n\techo "$A" \\\n\t  b\n\tEOF\nUSER u\n'),
  ).toEqual({
    text: `FROM a\nRUN --mount=type=tmpfs,target=/x ["/bin/sh","-c","echo \\"$A\\" \\\\\\n  b\\n"]\n\n\n\nUSER u\n`,
    files: [],
  });
});

test('keeps to the shell of the stage', () => {
  const text = plain(
    'FROM a\nSHELL ["/bin/bash", "-ec"]\nRUN <<E\ntrue\nE\nFROM b\nRUN cat <<E > /x && true\ny\nE\n',
  )?.text;
  expect(text).toContain('RUN ["/bin/bash","-ec","true\\n"]');
  expect(text).toContain('RUN ["/bin/sh","-c","cat <<E > /x && true\\ny\\nE\\n"]');
});

test('runs a text with a first line of its own as a program', () => {
  expect(plain('FROM a\nRUN <<E\n#!/usr/bin/env python3\nprint(1)\nE\n')?.text).toMatch(
    /RUN \["\/bin\/sh","-c",".*mktemp.*","sh","#!\/usr\/bin\/env python3\\nprint\(1\)\\n"\]/,
  );
});

test('copies texts from files that it adds to the context', () => {
  expect(plain('FROM a\nCOPY --chown=1:1 <<a.txt b <<"E" /x/\n')).toEqual({
    text: expect.any(String),
    files: [],
  });
  expect(plain('FROM a\nCOPY --chown=1:1 <<one b <<"E" /x/\n1\none\n$2\nE\n')).toEqual({
    text: 'FROM a\nCOPY --chown=1:1 .proctor-here-documents/0/one b .proctor-here-documents/0/E /x/\n\n\n\n\n',
    files: [
      { path: '.proctor-here-documents/0/one', content: '1\n' },
      { path: '.proctor-here-documents/0/E', content: '$2\n' },
    ],
  });
});

test('gives up where the builder would fill in a text that is copied', () => {
  expect(plain('FROM a\nCOPY <<E /x\n$HOME\nE\n')).toBeUndefined();
});
