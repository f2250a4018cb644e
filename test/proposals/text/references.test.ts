// References: GitLab links what is named, and writes on it that it was named.
import { describe, expect, test } from 'vitest';
import { sanitised } from './sanitised.ts';

describe('issues, merge requests, epics, alerts', () => {
  test.each([
    ['#1', '\\#1'],
    ['#12 #13', '\\#12 \\#13'],
    ['(#1)', '(\\#1)'],
    ['**#1**', '**\\#1**'],
    ['group/project#1', 'group/project\\#1'],
    ['/group/project#1', '\\/group/project\\#1'],
    ['!1', '\\!1'],
    ['group/project!1', 'group/project\\!1'],
    ['&1', '\\&1'],
    ['group&1', 'group\\&1'],
    ['^alert#1', '^alert\\#1'],
    ['\\\\#1', '\\\\\\#1'],
    ['#\u200b1', '\\#1'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['\\#1', '#`1`', '# 1', '#a', '! 1', 'wow!', 'a && b', 'AT&T'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('milestones and placeholders', () => {
  test.each([
    ['%1', '\\%1'],
    ['%v1', '\\%v1'],
    ['%"v 1"', '\\%"v 1"'],
    ['%1.2', '\\%1.2'],
    ['group%v1', 'group\\%v1'],
    ['%{project_path}', '\\%{project_path}'],
    ['%é', '\\%é'],
    ['%://x', '%`://x`'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['\\%1', '%`1`', '50%', '50%.', '50%, or', '(50%)', '100%/50%'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('labels', () => {
  test.each([
    ['~bug', '\\~bug'],
    ['~"two words"', '\\~"two words"'],
    ['~1', '\\~1'],
    ['~a::b', '\\~a::b'],
    ['group/project~bug', 'group/project\\~bug'],
    ['~é', '\\~é'],
    ['~_x', '\\~_x'],
    ['~\\_x', '\\~\\_x'],
    ['~~bug', '\\~\\~bug'],
    ['~://x', '~`://x`'],
    ['a~bug', 'a\\~bug'],
    ['~~~', '~~~\n~~~'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['\\~bug', '~`bug`', '~/.profile', 'a ~ b', '~~gone~~', '~~two words~~'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('snippets', () => {
  test.each([
    ['$1', '\\$1'],
    ['group/project$1', 'group/project\\$1'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['\\$1'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('by name', () => {
  test.each([
    ['[vulnerability:1]', '[vulnerability: 1]'],
    ['[vulnerability:acme/app/1]', '[vulnerability: acme/app/1]'],
    ['[feature_flag:1]', '[feature_flag: 1]'],
    ['[feature\\_flag:1]', '[feature_flag: 1]'],
    ['[issue:1]', '[issue: 1]'],
    ['[ISSUE:1]', '[ISSUE: 1]'],
    ['[issue\\:1]', '[issue: 1]'],
    ['\\[issue:1]', '\\[issue: 1]'],
    ['[work_item:1]', '[work_item: 1]'],
    ['[epic:1]', '[epic: 1]'],
    ['[wiki_page:home]', '[wiki_page: home]'],
    ['[contact:a@b.example]', '[contact: a\\@b.example]'],
    ['[cadence:1]', '[cadence: 1]'],
    ['[task:1]', '[task: 1]'],
    ['*iteration:3', '*iteration: 3'],
    ['*iteration:"x"', '*iteration: "x"'],
    ['\\*iteration:3', '\\*iteration: 3'],
    ['**iteration:3', '**iteration: 3'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['[note:1]', '[issue: 1]', '*word:1'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('keys of trackers, GL-1 among them', () => {
  test.each([
    ['GL-1', '`GL-1`'],
    ['aGL-1', '`aGL-1`'],
    ['_GL-1_', '`_GL-1_`'],
    ['see GL-1.', 'see `GL-1.`'],
    ['GL\\-1', '`GL-1`'],
    ['SHOP-12', '`SHOP-12`'],
    ['_SHOP-12_', '`_SHOP-12_`'],
    ['__SHOP-12__', '`__SHOP-12__`'],
    ['**SHOP-12**', '**`SHOP-12`**'],
    ['*SHOP-12*', '*`SHOP-12`*'],
    ['(SHOP-12)', '(`SHOP-12`)'],
    ['SHOP\\-12', '`SHOP-12`'],
    ['SH\\_OP-12', '`SH_OP-12`'],
    ['A1_B-2', '`A1_B-2`'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['CVE-2024-1', 'UTF-8', 'SHA-256', '_UTF-8_', 'GL-', 'A-1', 'shop-12'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('commits', () => {
  test.each([
    ['0a1b2c3d', '`0a1b2c3d`'],
    ['_0a1b2c3d_', '`_0a1b2c3d_`'],
    ['**0a1b2c3d**', '**`0a1b2c3d`**'],
    ['0A1B2C3', '`0A1B2C3`'],
    ['0a1b2c3...4d5e6f7', '`0a1b2c3...4d5e6f7`'],
    ['acme/app@0a1b2c3d', 'acme/app\\@`0a1b2c3d`'],
    ['0123456789abcdef0123456789abcdef01234567', '`0123456789abcdef0123456789abcdef01234567`'],
    ['0123456789abcdef0123456789abcdef012345678', '`0123456789abcdef0123456789abcdef012345678`'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['0a1b2c', '1234567', 'deadbeef', '0a1b2c3dz'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('projects', () => {
  test.each([
    ['acme/app>', 'acme/app >'],
    ['acme/sub/app>', 'acme/sub/app >'],
    ['acme/app\\>', 'acme/app \\>'],
    ['acme\\/app>', 'acme\\/app >'],
    ['*acme/app>*', '*acme/app >*'],
    ['src/a->b', 'src/a- >b'],
    ['</a>', '\\</a>'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['a > b', 'a->b'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});
