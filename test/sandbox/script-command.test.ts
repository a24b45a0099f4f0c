import { expect, it } from 'vitest';
import { isForBash, scriptCommand } from '../../src/sandbox/script-command.ts';

it.each([
  ['#!/bin/bash\necho', 'bash /t'],
  ['#!/usr/bin/env bash\r\necho', 'bash /t'],
  ['#!/bin/bash -e\n', '/bin/bash -e /t'],
  ['#! /usr/bin/env -S python3 -u\n', '/usr/bin/env -S python3 -u /t'],
  ['#!/bin/sh\n', '/bin/sh /t'],
  ['echo\n', '"$(command -v bash || echo sh)" /t'],
])('runs a script by its first line: %j', (text, command) => {
  expect(scriptCommand(text, '/t')).toBe(command);
});

it.each([
  ['#!/bin/bash -e\n', true],
  ['#!/usr/bin/env bash', true],
  ['#!/bin/sh\n', false],
  ['#!/opt/bashful\n', false],
  ['echo\n', false],
])('tells whether bash is what runs a script: %j', (text, is) => {
  expect(isForBash(text)).toBe(is);
});
