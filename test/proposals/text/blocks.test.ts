// What only the beginning of a text, a line or a block has a meaning for.
import { describe, expect, test } from 'vitest';
import { sanitised } from './sanitised.ts';

describe('front matter', () => {
  test.each([
    ['---\ntitle: x\n---\ntext', '***\ntitle: x\n---\ntext'],
    ['\n\n---\nx\n---', '***\nx\n---'],
    ['---yaml\nx\n---', '\\---yaml\nx\n---'],
    ['+++\nx\n+++', '\\+++\nx\n+++'],
    [';;;\n{}\n;;;', '\\;;;\n{}\n;;;'],
    ['# coding: utf-8\n---\nx\n---', '# coding: utf-8\n***\nx\n---'],
    ['coding: x\n\n+++\ny\n+++', 'coding: x\n\n\\+++\ny\n+++'],
    ['\ufeff---\nx\n---', '***\nx\n---'],
    ['===', '\\==='],
    ['--', '\\--'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['text\n\n---\n\ntext', '***'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('tables of contents', () => {
  test.each([
    ['[[_TOC_]]', '`[[_TOC_]]`'],
    ['[TOC]', '[ TOC]'],
    ['[toc]', '[ toc]'],
    ['\\[toc]', '\\[ toc]'],
    ['[toc\\]', '[ toc\\]'],
    ['[\\[_TOC_]]', '[ \\[_TOC_]]'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['[the toc]'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('formulas', () => {
  test.each([
    ['$`x`$', '\\$`x`\\$'],
    ['$$x$$', '\\$\\$x\\$\\$'],
    ['$$\nx\n$$', '\\$\\$\nx\n\\$\\$'],
    ['costs $5', 'costs \\$5'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['\\$x\\$', '`$x$`'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('files that are included', () => {
  test.each([
    ['::include{file=README.md}', '\\::include{file=README.md}'],
    ['  ::include{file=x}', '  \\::include{file=x}'],
    ['- ::include{file=x}', '- \\::include{file=x}'],
    ['> ::include{file=x}', '> \\::include{file=x}'],
    ['```\n::include{file=x}\n```', '```\n ::include{file=x}\n```'],
    ['::', '\\::'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['a::b', 'std::vector'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('quotes of several lines', () => {
  test.each([
    ['>>>\n@root\n>>>', '\\>>>\n\\@root\n\\>>>'],
    ['  >>>\nx', '  \\>>>\nx'],
    ['> >>>\n> x', '> \\>>>\n> x'],
    ['- >>>\n  x', '- \\>>>\n  x'],
    ['-\t>>>\n  x', '-\t\\>>>\n  x'],
    ['1.\t>>>', '1.\t\\>>>'],
    ['>>> x', '\\>>> x'],
    ['>>>>', '\\>>>>'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['a >>> b'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('quotes', () => {
  test.each([
    ['> @root', '> \\@root'],
    ['> > > > > > > > @root', '> > > > > > > > \\@root'],
    ['>@root', '> \\@root'],
    ['> <b>', '> \\<b>'],
    ['> text\n@root', '> text\n\\@root'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['> text', '> [!warning]\n> text'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('lists and tasks', () => {
  test.each([
    ['- [ ] @root', '- [ ] \\@root'],
    ['- [ ] [issue:1]', '- [ ] [issue: 1]'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['- [ ] task', '- [x] done', '* a\n  * b', '1. a\n2. b', '- a\n\n  b', 'term\n: text'])(
    '%j stays',
    (text) => {
      expect(sanitised(text)).toBe(text);
    },
  );
});

describe('headings', () => {
  test.each([
    ['# @root', '# \\@root'],
    ['## [x](y)', '## [x] (`y`)'],
    ['Title #1\n---', 'Title \\#1\n---'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['# Heading', '###### Heading', 'Title\n=====', 'Title\n---'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('tables', () => {
  test.each([
    ['| a |\n|---|\n| @root |', '| a |\n|---|\n| \\@root |'],
    ['| a |\n|---|\n| `x|@root|y` |', '| a |\n|---|\n| \\`x|\\@root|y\\` |'],
    ['| a |\n|---|\n| `x\\\\|@root` |', '| a |\n|---|\n| \\`x\\\\|\\@root\\` |'],
    ['`a|b`\n|-|-|\n', '\\`a|b\\`\n|-|-|'],
    [' > a | b\n > |---|---|\n>`x|@root`', ' > a | b\n > |---|---|\n> \\`x|\\@root\\`'],
    ['>`x|@root`\n > |---|---|', '> \\`x|\\@root\\`\n > |---|---|'],
    ['> | a |\n> |---|\n> | `x|@root` |', '> | a |\n> |---|\n> | \\`x|\\@root\\` |'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each([
    '| a | b |\n|---|---|\n| c | `d` |',
    'a | b\n-|-\n`x \\| y` | z',
    '> | a |\n> |---|\n> | b |\n>\n> `x|y`',
  ])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('emphasis, emoji, colours of differences', () => {
  test.each([['**@root', '**\\@root']])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['**bold** _it_ ~~no~~', '***both***', ':smile:', '{+ a +} {- b -}', 'a_b_c', '`#FF0000`'])(
    '%j stays',
    (text) => {
      expect(sanitised(text)).toBe(text);
    },
  );
});

describe('white space', () => {
  test.each([
    ['\n\n  text', '  text'],
    ['text  \n\n', 'text'],
    ['\u200b', ''],
    [' \n\t\n', ''],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['a  \nb', ''])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});
