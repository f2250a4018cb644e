// Links and images: a reader's browser asks the address of an image, and what stands in it is told to its owner.
import { describe, expect, test } from 'vitest';
import { sanitised } from './sanitised.ts';

describe('images', () => {
  test.each([
    ['![x](https://evil.example/a.png)', '\\![x] (`https://evil.example/a.png`)'],
    ['![](https://evil.example/?q=secret)', '\\![] (`https://evil.example/?q=secret`)'],
    ['![x](a.png){width=1}', '\\![x] (`a.png`){width=1}'],
    ['![](data:image/png;base64,AA)', '\\![] (`data:image/png;base64,AA`)'],
    ['![x][y]\n\n[y]: https://evil.example/a.png', '\\![x][y]\n\n[y]\\: `https://evil.example/a.png`'],
    ['![x]', '\\![x]'],
    ['!\\[x](y)', '!\\[x] (`y`)'],
    ['\\![x](y)', '\\![x] (`y`)'],
    ['\\\\![x](y)', '\\\\\\![x] (`y`)'],
    ['!\u200b[x](y)', '\\![x] (`y`)'],
    [
      '[![x](https://evil.example/a)](https://evil.example/b)',
      '[\\![x] (`https://evil.example/a`)] (`https://evil.example/b`)',
    ],
    ['<img src=x>', '\\<img src=x>'],
    ['<img\nsrc=x>', '\\<img\nsrc=x>'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['! [x]', 'wow!'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('links', () => {
  test.each([
    ['[x](https://evil.example)', '[x] (`https://evil.example`)'],
    ['[x](javascript:alert(1))', '[x] (`javascript:alert(1)`)'],
    ['[x](<a b>)', '[x] (\\<a b>)'],
    ['[x](y "title")', '[x] (`y` "title")'],
    ['[x](a(b)c)', '[x] (`a(b)c`)'],
    ['[x]()', '[x] ()'],
    ['[x](', '[x] ('],
    ['[a](b)c', '[a] (`b`)c'],
    ['[`x`](y)', '[`x`] (`y`)'],
    ['[x](`y`)', '[x] (`y`)'],
    ['[x]\u200b(y)', '[x] (`y`)'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['[a]\\(b)', '[x\\](y)', '[x] (y)', '[x]\n(y)'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('definitions of links and footnotes', () => {
  test.each([
    ['[y]: https://evil.example', '[y]\\: `https://evil.example`'],
    ['[y]:\nhttps://evil.example', '[y]\\:\n`https://evil.example`'],
    ['   [y]: /x', '   [y]\\: /x'],
    ['> [y]: /x', '> [y]\\: /x'],
    ['- [y]: /x', '- [y]\\: /x'],
    ['[^1]: note', '[^1]\\: note'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['[y]\\: x', '[x][y]', '[x][]', '[x]', 'a[^1]', '^[inline]'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('pages of the wiki', () => {
  test.each([
    ['[[page]]', '`[[page]]`'],
    ['[[a|b]]', '`[[a|b]]`'],
    ['[[https://evil.example/x.png]]', '`[[https://evil.example/x.png]]`'],
    ['[[page', '[ [page'],
    ['a[[b]]c', 'a`[[b]]`c'],
    ['[\\[page]]', '[ \\[page]]'],
    ['\\[[page]]', '\\[ [page]]'],
    ['[\u200b[page]]', '`[[page]]`'],
    ['[[a`b]]', '[ [a\\`b]]'],
    ['[[[a]]]', '[ `[[a]]`]'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['[ [page]]'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('addresses', () => {
  test.each([
    ['http://evil.example', '`http://evil.example`'],
    ['https://evil.example/a?b=c#d', '`https://evil.example/a?b=c#d`'],
    ['HTTPS://Evil.example', '`HTTPS://Evil.example`'],
    ['see (https://evil.example/a_(b)).', 'see (`https://evil.example/a_(b)`).'],
    ['**https://evil.example**', '**`https://evil.example`**'],
    ['ftp://evil.example', '`ftp://evil.example`'],
    ['git+ssh://evil.example', '`git+ssh://evil.example`'],
    ['x-y.z://evil.example', '`x-y.z://evil.example`'],
    ['file:///etc/passwd', '`file:///etc/passwd`'],
    ['https://gitlab.example/a/b/-/issues/1', '`https://gitlab.example/a/b/-/issues/1`'],
    ['https://evil.example`x`', '`https://evil.example` `x`'],
    ['`x`https://evil.example', '`x` `https://evil.example`'],
    ['https://evil.example|x', '`https://evil.example`|x'],
    ['https://evil.example\\_x', '`https://evil.example\\_x`'],
    ['http\\://evil.example', '`http://evil.example`'],
    ['http:\\/\\/evil.example', '`http://evil.example`'],
    ['https:/\\/evil.example', '`https://evil.example`'],
    ['h\\ttp://evil.example', 'h\\ `ttp://evil.example`'],
    ['://evil.example', '`://evil.example`'],
    ['\\://evil.example', '`://evil.example`'],
    ['é://evil.example', 'é`://evil.example`'],
    ['a]://evil.example', 'a] `://evil.example`'],
    ['http:\u200b//evil.example', '`http://evil.example`'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['`https://evil.example`', '//evil.example', 'http:/evil.example', 'evil.example/x', 'a: //b'])(
    '%j stays',
    (text) => {
      expect(sanitised(text)).toBe(text);
    },
  );
});

describe('hosts and mail', () => {
  test.each([
    ['www.evil.example', '`www.evil.example`'],
    ['WWW.evil.example', '`WWW.evil.example`'],
    ['a.www.evil.example', '`a.www.evil.example`'],
    ['(www.evil.example)', '(`www.evil.example`)'],
    ['www\\.evil.example', '`www.evil.example`'],
    ['www\u200b.evil.example', '`www.evil.example`'],
    ['mailto:a@b.example', 'mailto:a\\@b.example'],
    ['xmpp:a@b.example', 'xmpp:a\\@b.example'],
    ['a@b.example', 'a\\@b.example'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['www is a word'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('addresses in angle brackets', () => {
  test.each([
    ['<https://evil.example>', '`https://evil.example`'],
    ['<mailto:a@b.example>', '`mailto:a@b.example`'],
    ['<javascript:alert(1)>', '`javascript:alert(1)`'],
    ['<a@b.example>', '\\<a\\@b.example>'],
    ['<https://evil.example', '\\<`https://evil.example`'],
    ['\\<https://evil.example>', '\\<`https://evil.example`>'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});
