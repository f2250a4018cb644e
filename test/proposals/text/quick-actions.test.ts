// Quick actions: a line that begins with a slash. GitLab looks only into paragraphs of their own; we do not rely on that.
import { describe, expect, test } from 'vitest';
import { sanitised } from './sanitised.ts';

describe('at the beginning of a line, wherever the line stands', () => {
  test.each([
    ['/close', '\\/close'],
    ['/CLOSE now', '\\/CLOSE now'],
    ['/label ~bug', '\\/label \\~bug'],
    ['/assign @root', '\\/assign \\@root'],
    ['/shrug', '\\/shrug'],
    ['/merge', '\\/merge'],
    ['/unknown', '\\/unknown'],
    ['/a', '\\/a'],
    ['/\\close', '\\/\\close'],
    ['/usr/bin/env', '\\/usr/bin/env'],
    ['text\n/close', 'text\n\\/close'],
    ['/close\n/reopen\n/close', '\\/close\n\\/reopen\n\\/close'],
    ['text\n\n/close\n\ntext', 'text\n\n\\/close\n\ntext'],
    ['# Title\n/close', '# Title\n\\/close'],
    ['**bold**\n/close', '**bold**\n\\/close'],
    ['<!-- x -->\n/close', '\\<\\!-- x -->\n\\/close'],
    ['<details>\n\n/close\n\n</details>', '\\<details>\n\n\\/close\n\n\\</details>'],
    ['| a |\n|---|\n\n/close', '| a |\n|---|\n\n\\/close'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('after anything that may break a line', () => {
  test.each([
    ['text\r\n/close', 'text\n\\/close'],
    ['text\r/close', 'text\n\\/close'],
    ['text\u2028/close', 'text\n\\/close'],
    ['text\u2029/close', 'text\n\\/close'],
    ['text\u0085/close', 'text\n\\/close'],
    ['text\v/close', 'text\n\\/close'],
    ['text\f/close', 'text\n\\/close'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('behind what cannot be seen', () => {
  test.each([
    ['\u200b/close', '\\/close'],
    ['\ufeff/close', '\\/close'],
    ['text\n\u2060/close', 'text\n\\/close'],
    ['text\n\u202e/close', 'text\n\\/close'],
    ['\u00ad/close', '\\/close'],
    ['\u0000/close', '\\/close'],
    ['\u{e0020}/close', '\\/close'],
    ['\u00a0/close', ' \\/close'],
    ['\u3000/close', ' \\/close'],
    ['\u2800/close', ' \\/close'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('indented, in lists and in quotes', () => {
  test.each([
    ['  /close', '  \\/close'],
    ['    /close', '    \\/close'],
    ['\t/close', '    \\/close'],
    ['- item\n/close', '- item\n\\/close'],
    ['- item\n\n/close', '- item\n\n\\/close'],
    ['- item\n\n  /close', '- item\n\n  \\/close'],
    ['> quote\n/close', '> quote\n\\/close'],
    ['> /close', '> \\/close'],
    ['> > /close', '> > \\/close'],
    ['>>>\n/close\n>>>', '\\>>>\n\\/close\n\\>>>'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['- > /close', '- /close', '1. /close'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('beside and in code', () => {
  test.each([
    ['```\ncode\n```\n/close', '```\ncode\n```\n\\/close'],
    ['```\n/close', '```\n /close\n```'],
    ['```\n/close\n```', '```\n /close\n```'],
    ['~~~\n/close\n~~~', '~~~\n /close\n~~~'],
    ['- ```\n/close\n```', '- ```\n  /close\n  ```'],
    ['`\n/close\n`', '\\`\n\\/close\n\\`'],
    ['`code`\n/close', '`code`\n\\/close'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['see `/close`', '`/close`'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('what is none', () => {
  test.each([['/\n', '/']])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['please /close', '\\/close', '//close', '/ close', '/* close */', '// comment', 'and/or'])(
    '%j stays',
    (text) => {
      expect(sanitised(text)).toBe(text);
    },
  );
});
