// The second look at a finished text: what sanitising is judged by must see what was never sanitised.
import { describe, expect, test } from 'vitest';
import { findUnsafe, findUnsafeLine } from '../../../components/proposals/text/find-unsafe.ts';

describe('in a body', () => {
  test.each([
    ['/close', 'line 1: a quick action'],
    ['a\n\n/a', 'line 3: a quick action'],
    ['```\n/close\n```', 'line 2: a quick action'],
    ['@root', 'line 1: a mention'],
    ['\\\\@root', 'line 1: a mention'],
    ['a@b.example', 'line 1: a mention'],
    ['#1', 'line 1: a reference'],
    ['a!1', 'line 1: a reference'],
    ['&1', 'line 1: a reference'],
    ['%"v 1"', 'line 1: a reference'],
    ['[issue:1]', 'line 1: a reference'],
    ['[work\\_item:1]', 'line 1: a reference'],
    ['*iteration:1', 'line 1: a reference'],
    ['~bug', 'line 1: a label'],
    ['~\\_bug', 'line 1: a label'],
    ['GL-1', 'line 1: the key of an issue in a tracker'],
    ['xGL-1', 'line 1: the key of an issue in a tracker'],
    ['_SHOP-1_', 'line 1: the key of an issue in a tracker'],
    ['0a1b2c3d', 'line 1: the id of a commit'],
    ['_0a1b2c3d_', 'line 1: the id of a commit'],
    ['acme/app>', 'line 1: a project'],
    ['acme/app\\>', 'line 1: a project'],
    ['$x$', 'line 1: a formula'],
    ['[x](y)', 'line 1: a link or an image'],
    ['![x]', 'line 1: an image'],
    ['[x]: y', 'line 1: the definition of a link'],
    ['[[x]]', 'line 1: a link to the wiki'],
    ['[\\[x]]', 'line 1: a link to the wiki'],
    ['[toc]', 'line 1: a table of contents'],
    ['https://a', 'line 1: an address'],
    ['://a', 'line 1: an address'],
    ['http\\://a', 'line 1: an address'],
    ['www.a', 'line 1: an address'],
    ['<b', 'line 1: HTML'],
    ['&lt;', 'line 1: an entity of HTML'],
    ['`<!-- x -->`', 'line 1: a comment, as our own marks are'],
    ['::include{file=x}', 'line 1: the inclusion of a file'],
    ['>>>', 'line 1: a block that is not closed'],
    ['- >>>', 'line 1: a block that is not closed'],
    ['-\t>>>', 'line 1: a block that is not closed'],
    ['```\na', 'line 2: a code block is left open'],
    ['> ```\na', 'line 2: a code block is open where its quote ends'],
    ['- ```\na\n  ```', 'line 2: a line of a code block is less indented than its fence'],
    ['> -   ~~~\n> \t@root\n>     ~~~', 'line 2: a line of a code block is less indented than its fence'],
    ['```mermaid\n```', 'line 1: "mermaid" is no language of code that is only shown'],
    ['`a', 'line 1: a code span is left open'],
    ['`a\n@root`', 'line 2: a mention'],
    ['|a|\n|-|\n|`x|@root|y`|', 'line 3: a mention'],
    ['a\u200bb', 'U+200B'],
    ['a\rb', 'U+000D'],
    ['a\u00a0b', 'U+00A0'],
    ['a\u0301\u0301\u0301\u0301\u0301', 'more than 4 marks on a letter'],
  ])('%j: %s', (text, expected) => {
    expect(findUnsafe(text)).toContain(expected);
  });

  test('all of them at once, by line', () => {
    expect(findUnsafe('@a #1\n\n[x](y)\u200b')).toEqual([
      'U+200B',
      'line 1: a mention',
      'line 1: a reference',
      'line 3: a link or an image',
    ]);
  });

  test.each([
    '',
    'Plain text.',
    '# Heading\n\n- item\n- [x] task\n\n> quote\n\n| a |\n|---|\n| `b` |',
    '```js\nconst a = "@root #1 <b> https://a";\n```',
    '`@root` and ``a ` b``',
    '\\@root \\#1 \\!1 \\&1 \\%1 \\~bug \\$1 \\<b> \\&lt; \\[x] (y)',
    '> ```\n> @root\n> ```\n\ntext',
    '```\n> quote\n```',
    '| a |\n|---|\n> `x|y`',
    '`x|y`\n> |---|',
    'a < b && c > d',
  ])('nothing in %j', (text) => {
    expect(findUnsafe(text)).toEqual([]);
  });

  test('what is ours is overlooked once each', () => {
    const marker = '<!-- pipewright:note:0 -->';
    expect(findUnsafe(`text\n\n${marker}`)).not.toEqual([]);
    expect(findUnsafe(`text\n\n${marker}`, [marker, ''])).toEqual([]);
    expect(findUnsafe(`${marker}\n\n${marker}`, [marker])).not.toEqual([]);
    expect(findUnsafe(`${marker}\n\n[a](b)`, [marker, '[a](b)'])).toEqual([]);
  });
});

describe('in a title', () => {
  test.each([
    ['/close', 'what a quick action or a block begins with'],
    ['# a', 'what a quick action or a block begins with'],
    ['- a', 'what a quick action or a block begins with'],
    ['1. a', 'what a quick action or a block begins with'],
    ['::a', 'what a quick action or a block begins with'],
    ['a\nb', 'more than a line'],
    ['@root', 'a mention'],
    ['see #1', 'a reference'],
    ['[epic:1]', 'a reference'],
    ['~bug', 'a label'],
    ['$1', 'a formula'],
    ['xGL-1', 'the key of an issue in a tracker'],
    ['0a1b2c3d', 'the id of a commit'],
    ['acme/app>', 'a project'],
    ['https://a', 'an address'],
    ['www.a', 'an address'],
    ['[x](y)', 'a link or an image'],
    ['[[x]]', 'a link to the wiki'],
    ['[toc]', 'a table of contents'],
    ['<b>', 'HTML'],
    ['&lt;', 'an entity of HTML'],
    ['a `b', 'a code span that is left open'],
    ['a\u202eb', 'U+202E'],
  ])('%j: %s', (text, expected) => {
    expect(findUnsafeLine(text)).toContain(expected);
  });

  test.each(['Fix the parser', 'Use `x` at 50%', 'a < b & c', '-5 degrees', 'R&D in C#'])(
    'nothing in %j',
    (text) => {
      expect(findUnsafeLine(text)).toEqual([]);
    },
  );
});
