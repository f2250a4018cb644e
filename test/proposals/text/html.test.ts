// HTML and its entities. What is written as code is shown as it is; only comments are broken there too.
import { describe, expect, test } from 'vitest';
import { sanitised } from './sanitised.ts';

describe('tags', () => {
  test.each([
    ['<b>bold</b>', '\\<b>bold\\</b>'],
    ['<script>alert(1)</script>', '\\<script>alert(1)\\</script>'],
    ['<a href="javascript:alert(1)">x</a>', '\\<a href="javascript:alert(1)">x\\</a>'],
    ['<IMG SRC=x onerror=alert(1)>', '\\<IMG SRC=x onerror=alert(1)>'],
    ['<img src="data:image/svg+xml,x">', '\\<img src="data:image/svg+xml,x">'],
    ['<iframe src=x></iframe>', '\\<iframe src=x>\\</iframe>'],
    ['<svg/onload=alert(1)>', '\\<svg/onload=alert(1)>'],
    ['<details><summary>x</summary>', '\\<details>\\<summary>x\\</summary>'],
    ['<div>\n\n@root\n\n</div>', '\\<div>\n\n\\@root\n\n\\</div>'],
    ['<pre lang="mermaid">', '\\<pre lang="mermaid">'],
    ['<gl-emoji data-name="x">', '\\<gl-emoji data-name="x">'],
    ['<br>', '\\<br>'],
    ['<a-b>', '\\<a-b>'],
    ['<é>', '\\<é>'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('tags that are broken, cut or hidden', () => {
  test.each([
    ['<b', '\\<b'],
    ['</b', '\\</b'],
    ['<a href=x', '\\<a href=x'],
    ['<a\n>', '\\<a\n>'],
    ["<a b='<c>'>", "\\<a b='\\<c>'>"],
    ['<<b>>', '\\<\\<b>>'],
    ['x<y', 'x\\<y'],
    ['<\u200bimg src=x>', '\\<img src=x>'],
    ['\\\\<b>', '\\\\\\<b>'],
    ['<\\b>', '\\<\\b>'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['<\nb>', '\\<b>', '< b>', 'a < b', '<1', '<=', '<- x', '<5 ms', 'a <= b'])(
    '%j stays',
    (text) => {
      expect(sanitised(text)).toBe(text);
    },
  );
});

describe('comments, declarations, instructions', () => {
  test.each([
    ['<!-- hidden -->', '\\<\\!-- hidden -->'],
    ['<!--', '\\<\\!--'],
    ['<!-->', '\\<\\!-->'],
    ['<\u200b!--', '\\<\\!--'],
    ['<\\!--', '\\<\\!--'],
    ['\\<!--', '\\<\\!--'],
    ['<!\\--', '\\<\\!\\--'],
    ['<!DOCTYPE html>', '\\<\\!DOCTYPE html>'],
    ['<![CDATA[x]]>', '\\<\\![CDATA[x]]>'],
    ['<?php ?>', '\\<?php ?>'],
    ['<!', '\\<\\!'],
    ['<! --', '\\<\\! --'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['-->'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('in code', () => {
  test.each([
    ['`<!-- pipewright:note:0 -->`', '`<! -- pipewright:note:0 -->`'],
    ['```\n<!-- pipewright:note:0 -->\n```', '```\n<! -- pipewright:note:0 -->\n```'],
    ['[[<!-- x -->]]', '`[[<! -- x -->]]`'],
    ['https://evil.example/!--<!--', '`https://evil.example/!--`\\<\\!--'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['`<b>`', '```html\n<b>x</b>\n```'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('entities, which are read after everything else', () => {
  test.each([
    ['&#64;root', '\\&\\#64;root'],
    ['&#x40;root', '\\&#x40;root'],
    ['&#X40;root', '\\&#X40;root'],
    ['&commat;root', '\\&commat;root'],
    ['&sol;close', '\\&sol;close'],
    ['&num;1', '\\&num;1'],
    ['&lt;b&gt;', '\\&lt;b\\&gt;'],
    ['&amp;', '\\&amp;'],
    ['&nbsp;', '\\&nbsp;'],
    ['&lbrack;&lbrack;a]]', '\\&lbrack;\\&lbrack;a]]'],
    ['&#10;/close', '\\&\\#10;/close'],
    ['&CounterClockwiseContourIntegral;', '\\&CounterClockwiseContourIntegral;'],
    ['\\\\&lt;', '\\\\\\&lt;'],
    ['&\u200blt;', '\\&lt;'],
    ['&amp;#64;', '\\&amp;\\#64;'],
    ['&#64', '&\\#64'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });

  test.each(['&lt', '&bogus', '\\&lt;', 'a && b', 'AT&T', '`&#64;root`'])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});
