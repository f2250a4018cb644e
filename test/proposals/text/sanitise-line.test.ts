// Titles: GitLab reads references in them, but no Markdown, so a space takes the meaning where a backslash would be shown.
import { describe, expect, test } from 'vitest';
import { sanitisedLine } from './sanitised.ts';

describe('quick actions and marks of blocks', () => {
  test.each([
    ['/close', 'close'],
    ['//close', 'close'],
    ['  /close', 'close'],
    ['\u200b/close', 'close'],
    ['/ /close', 'close'],
    ['# Heading', 'Heading'],
    ['## #', ''],
    ['> quote', 'quote'],
    ['>>> x', 'x'],
    ['- item', 'item'],
    ['* item', 'item'],
    ['1. item', 'item'],
    ['1) /close', 'close'],
    ['```js', 'js'],
    ['~~~', ''],
    ['---', ''],
    ['=== x', 'x'],
    ['::include{file=x}', 'include{file=x}'],
    ['| a |', 'a |'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitisedLine(given)).toBe(expected);
  });

  test.each(['-5 degrees', '#hashtag', '*bold*', 'a/b'])('%j stays', (text) => {
    expect(sanitisedLine(text)).toBe(text);
  });
});

describe('lines become one', () => {
  test.each([
    ['a\nb', 'a b'],
    ['a\r\n/close', 'a /close'],
    ['a\u2028b', 'a b'],
    ['a\u0085b', 'a b'],
    ['a\tb', 'a b'],
    ['a  b', 'a b'],
    ['  a  ', 'a'],
    ['\n\n', ''],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitisedLine(given)).toBe(expected);
  });
});

describe('mentions and references', () => {
  test.each([
    ['@root', '@ root'],
    ['a@b.example', 'a@ b.example'],
    ['@all and @group/sub', '@ all and @ group/sub'],
    ['@\u200broot', '@ root'],
    ['Fix #1', 'Fix # 1'],
    ['group/project#1', 'group/project# 1'],
    ['see !1', 'see ! 1'],
    ['&1', '& 1'],
    ['%1', '% 1'],
    ['%"v 1"', '% "v 1"'],
    ['~bug', 'bug'],
    ['~"a b"', '"a b"'],
    ['$1', '$ 1'],
    ['[vulnerability:1]', '[vulnerability: 1]'],
    ['[issue:1]', '[issue: 1]'],
    ['*iteration:3', '*iteration: 3'],
    ['GL-1', 'GL 1'],
    ['aGL-1', 'aGL 1'],
    ['SHOP-12', 'SHOP 12'],
    ['_SHOP-12_', '_SHOP 12_'],
    ['0a1b2c3d', '0a1b2c…'],
    ['_0a1b2c3d_', '_0a1b2c…_'],
    ['acme/app@0a1b2c3d', 'acme/app@ 0a1b2c…'],
    ['acme/app>', 'acme/app >'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitisedLine(given)).toBe(expected);
  });

  test.each(['50% of', '50%.', '~/.profile', 'CVE-2024-1', 'UTF-8', 'a -> b', 'a @ b', '#a', 'C#', 'R&D'])(
    '%j stays',
    (text) => {
      expect(sanitisedLine(text)).toBe(text);
    },
  );
});

describe('links and HTML', () => {
  test.each([
    ['https://evil.example', 'https:// evil.example'],
    ['ftp://evil.example', 'ftp:// evil.example'],
    ['www.evil.example', 'www. evil.example'],
    ['mailto:a@b.example', 'mailto:a@ b.example'],
    ['[x](https://evil.example)', '[x] (https:// evil.example)'],
    ['![x](y)', '![x] (y)'],
    ['[y]: x', '[y] : x'],
    ['[[page]]', '[ [page]]'],
    ['[toc]', '[ toc]'],
    ['<b>', '< b>'],
    ['<!-- x -->', '< !-- x -->'],
    ['<img src=x>', '< img src=x>'],
    ['&#64;root', '& # 64;root'],
    ['&lt;', '& lt;'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitisedLine(given)).toBe(expected);
  });

  test.each(['a < b', 'AT&T', '[x]'])('%j stays', (text) => {
    expect(sanitisedLine(text)).toBe(text);
  });
});

describe('characters', () => {
  test.each([
    ['a\u202eb', 'ab'],
    ['a\u200bb', 'ab'],
    ['a\u{e0041}b', 'ab'],
    ['a\u0000b', 'ab'],
    ['\ud800', ''],
    ['e\u0301', 'é'],
    ['\u1fefx', "'x"],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitisedLine(given)).toBe(expected);
  });

  test.each(['＠root', '漢字'])('%j stays', (text) => {
    expect(sanitisedLine(text)).toBe(text);
  });
});

describe('code', () => {
  test.each([
    ['Use `@root`', 'Use `@ root`'],
    ['Use `x', "Use 'x"],
    ['``x``', "''x''"],
    ['`a` `b', "'a' 'b"],
    ['`#1`', '`# 1`'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitisedLine(given)).toBe(expected);
  });

  test.each(['Use `x`'])('%j stays', (text) => {
    expect(sanitisedLine(text)).toBe(text);
  });
});
