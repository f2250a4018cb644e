// Mentions: `@` with anything behind it. Everybody named gets an e-mail and a to-do item.
import { describe, expect, test } from 'vitest';
import { sanitised } from './sanitised.ts';

describe('people and groups', () => {
  test.each([
    ['@root', '\\@root'],
    ['@all', '\\@all'],
    ['@group/sub', '\\@group/sub'],
    ['(@root)', '(\\@root)'],
    ['"@root"', '"\\@root"'],
    ['**@root**', '**\\@root**'],
    ['_@root_', '_\\@root_'],
    ['~~@root~~', '\\~\\~\\@root~~'],
    ['# @root', '# \\@root'],
    ['- @root', '- \\@root'],
    ['> @root', '> \\@root'],
    ['| @root |', '| \\@root |'],
    ['a\n@root', 'a\n\\@root'],
    ['@root@all', '\\@root\\@all'],
    ['@@root', '\\@\\@root'],
    ['.@root', '.\\@root'],
    ['-@root', '-\\@root'],
    ['@_root', '\\@_root'],
    ['@1', '\\@1'],
    ['a@b.example', 'a\\@b.example'],
    ['user.name+tag@mail.example', 'user.name+tag\\@mail.example'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['@', 'a @ b', '@ root'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('escaped or half escaped', () => {
  test.each([
    ['\\\\@root', '\\\\\\@root'],
    ['\\a@root', '\\a\\@root'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['\\@root', '\\\\\\@root'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('with something between that goes away', () => {
  test.each([
    ['@\u200broot', '\\@root'],
    ['@\u2060root', '\\@root'],
    ['@\u00adroot', '\\@root'],
    ['@\u202eroot', '\\@root'],
    ['@\ufe0froot', '\\@root'],
    ['@\u{e0041}root', '\\@root'],
    ['@\\_root', '\\@\\_root'],
    ['@`root`', '\\@`root`'],
    ['@*root*', '\\@*root*'],
    ['@<b></b>root', '\\@\\<b>\\</b>root'],
    ['@<!-- -->root', '\\@\\<\\!-- -->root'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

// GitLab reads ASCII only, and we must not make ASCII of them.
describe('signs that only look so', () => {
  test.each(['＠root', '﹫root'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('in code', () => {
  test.each([
    ['`@root', '\\`\\@root'],
    ['@root`', '\\@root\\`'],
    ['``@root`', '\\`\\`\\@root\\`'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['`@root`', '``@root``', '```\n@root\n```'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});
