import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutHidden } from '../../../components/session/hidden/without-hidden.ts';
import { wrapUntrusted } from '../../../components/session/untrusted.ts';
import { processorTime } from '../../support/processor-time.ts';

const shown = (text: string) => withoutHidden(text).text;

describe('what a page of GitLab hides', () => {
  test.each([
    ['a comment', 'a<!-- SECRET -->b', 'ab'],
    ['a comment over lines and blank ones', 'a\n<!--\nSECRET\n\nSECRET\n-->\nb', 'a\n\nb'],
    ['a comment without an end, as a block', 'a\n<!-- SECRET\n\nSECRET', 'a\n'],
    ['a comment without an end, in a list', '- <!-- SECRET\nSECRET', '- '],
    ['a comment without an end, in many quotations', `${'> '.repeat(50)}<!-- SECRET`, '> '.repeat(50)],
    ['short comments', 'a<!--><!--->b', 'ab'],
    ['a comment that a page ends otherwise', 'a<!-- SECRET --!>b', 'ab'],
    ['declarations and instructions', 'a<!DOCTYPE SECRET><?SECRET ?><![CDATA[SECRET]]>b', 'ab'],
    ['a comment of Markdown', 'a\n\n[//]: # (SECRET)\n\nb', 'a\n\n\n\nb'],
    ['a comment of Markdown on two lines', '[comment]: <>\n"SECRET"\nb', '\nb'],
    ['a definition in a quotation that nothing uses', '> [x]: #SECRET', '> '],
    ['the title of a definition', '[x]: https://a.example "SECRET"\n\n[x]', '[x]: https://a.example\n\n[x]'],
    ['the second definition of a name', '[x]: /a\n[X]: /SECRET\n\n[x]', '[x]: /a\n\n\n[x]'],
    ['the title of a link', "[a](https://a.example 'SECRET')", '[a](https://a.example)'],
    ['words in the place of an address', '[a](<SECRET is this>)', '[a]()'],
    ['a footnote that nothing refers to', 'a\n\n[^1]: SECRET\nSECRET\n\n    SECRET\n\nb', 'a\n\n\n\nb'],
    ['what stands for an image', '![SECRET [SECRET]](a.png) ![SECRET][x]', '![](a.png) ![][x]'],
    ['what stands for an image that is defined', '![SECRET]\n\n[secret]: a.png', '![]\n\n'],
    ['attributes', '<img src="a.png" alt="SECRET" title=SECRET data-x=\'SECRET\'>', '<img src="a.png">'],
    ['attributes without values', '<p SECRET SECRET>a</p>', '<p>a</p>'],
    ['an address that is a text', '<a href="SECRET is this">a</a>', '<a>a</a>'],
    ['a tag that is none', 'a<SECRET SECRET>b</SECRET>', 'ab'],
    ['an element that is not displayed', '<div style="display: none">SECRET <b>SECRET</b></div>a', 'a'],
    ['an element in another of its name', '<div hidden><div>SECRET</div>SECRET</div>a', 'a'],
    ['an element without an end', 'a<span hidden>SECRET\n\nSECRET', 'a'],
    ['an end in a comment', '<div hidden><!-- </div> -->SECRET</div>a', 'a'],
    ['an end in an attribute', '<div hidden><a title="</div>">SECRET</a></div>a', 'a'],
    ['an end in code', '<div hidden>\n\n`</div>`SECRET\n\n</div>', ''],
    [
      'contents that no page shows',
      'a<script>SECRET</script><style>SECRET</style><template>SECRET</template>b',
      'ab',
    ],
    ['aria-hidden', '<span aria-hidden="true">SECRET</span>a', 'a'],
    ['a class that hides', '<span class="x sr-only">SECRET</span>a', 'a'],
    ['white text', '<font color="#FFF">SECRET</font>a', 'a'],
    ['a size of nothing', '<font size="0">SECRET</font>a', 'a'],
    ['a tag without an end', 'a\n<img title="SECRET', 'a\n'],
    ['a text in JSON', '{"a":"<span style=\\"display:none\\">SECRET</span>b"}', '{"a":"b"}'],
    ['references of what is drawn as nothing', 'a&#8203;&#x200B;&#xE0041;&zwj;&shy;b', 'ab'],
    ['comments of a diagram', '```mermaid\n%% SECRET\na-->b\n```', '```mermaid\n\na-->b\n```'],
    ['what the removal of another makes', '<scr<script>SECRET</script>ipt>SECRET', ''],
    ['a character in the mark of a comment', 'a<!-\u200b- SECRET -->b', 'ab'],
  ])('%s', (_, text, expected) => {
    expect(shown(text)).toBe(expected);
    expect(expected).not.toContain('SECRET');
  });

  test.each([
    'opacity:0',
    'opacity: .01',
    'visibility:hidden',
    'font-size:0',
    'font-size: 1px',
    'color:white',
    'color: rgba(0,0,0,0)',
    'color:#abc;background:#abc',
    'position:absolute;left:-9999px',
    'width:0;height:0',
    'transform:scale(0)',
    'clip:rect(0,0,0,0)',
    'd\\69splay:none',
    'display:/**/none',
    'display&#58;none',
  ])('a style of %s', (style) => {
    expect(shown(`a<span style="${style}">SECRET</span>b`)).toBe('ab');
  });

  // Each looks like code, and GitLab shows none: a comment in it is hidden.
  test.each([
    ['in a block of HTML', '<div>\n```\n<!-- SECRET -->\n```\n</div>'],
    ['in a list, which ends before it', '- ```\n<!-- SECRET -->\n  ```'],
    ['in a list, indented', '- a\n  ```\n<!-- SECRET -->\n  ```'],
    ['begun in a comment', '<!--\n```\n-->\n<!-- SECRET -->\n```'],
    ['begun in front matter', '---\n```\n---\n<!-- SECRET -->\n```'],
    ['begun in a quotation of GitLab', '>>>\n```\n>>>\n<!-- SECRET -->\n```'],
    ['in <pre>', '<pre>\n\n```\n<!-- SECRET -->\n```\n</pre>'],
    ['in a tag', '<pre \n\n```\n<!-- SECRET -->\n```'],
    ['after an instruction', '<?\n\n> a\n\n```\n<!-- SECRET -->\n```'],
    ['after a comment that Markdown does not end', '<!-- a --!>\n\n```\n<!-- SECRET -->\n```'],
    ['a span over lines', '`a\nb ` <!-- SECRET --> ` c'],
    ['a span over cells', '| ` | a ` b ` <!-- SECRET --> ` |'],
    ['after an escape', '\\`` a ` <!-- SECRET --> `'],
    ['a span in a block of HTML', '<div>\n`<!-- SECRET -->`\n</div>'],
    ['a definition', '[x]: `<!--SECRET-->`'],
  ])('code %s', (_, text) => {
    expect(shown(text)).not.toContain('SECRET');
  });

  test('what never ends in rounds is withheld', () => {
    const nested = `${'<i'.repeat(20)}${'<SECRET>'.repeat(1)}${'x>'.repeat(20)}`;
    const { text, isWithheld } = withoutHidden(nested);
    expect([text, isWithheld]).toEqual(['', true]);
    expect(wrapUntrusted(nested, 'merge-request', (all) => all)).toContain('(withheld: ');
  });
});

describe('what a page shows', () => {
  test.each([
    ['code of blocks', '```html\n<!-- a --> <b title="x">&#8203;\n[//]: # (x)\n```'],
    ['code of lines', 'use `<!-- a -->`, ``<b title="`">``\nand `[x](y "z")`'],
    ['code without an end', 'a\n\n~~~\n<!-- a -->'],
    ['arrows and comparisons', 'a <- b --> c, a < b && c > d, x<<1, i<n;'],
    ['generic types that are no tags', 'Map<String, Integer> and a[0] and f(x)["y"]'],
    ['a comment that is none', 'text <!-- goes on'],
    ['addresses', '<https://a.example/b?c=d> <a@b.example> [a](https://a.example) ![](a.png)'],
    ['what is folded', '<details><summary>a</summary>\n\nb\n\n</details><br/>'],
    ['lists to tick', '- [ ] a\n- [x] b\n1. [c]\n> [!note]'],
    ['a definition that is used', '[a][x]\n\n[x]: https://a.example'],
    ['what only looks like a definition', '[note]: this is important\n[a]:'],
    ['a footnote that is referred to', 'a[^1]\n\n[^1]: b'],
    ['character references', '&lt;!-- a --&gt; &amp; &nbsp; &#65; &unknown;'],
    ['a diagram', '```mermaid\na-->b\n```'],
  ])('%s', (_, text) => {
    expect(withoutHidden(text)).toEqual({ text, invisibleCharacters: 0, hidden: {}, isWithheld: false });
  });

  test('prose, lists, code and tables are never changed', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9.,:;!?*_~#+=/()"'-]{1,8}$/);
    const line = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.join('\n');
        expect(shown(text)).toBe(text);
      }),
    );
  });

  test('comments in files, diffs and logs are what people see there', () => {
    const text = '<!-- a --> <b hidden>c</b>';
    for (const source of [
      'repository',
      'merge-request-diff',
      'job-log',
      'function',
      'task-input',
      'subagent',
    ])
      expect(wrapUntrusted(text, source, (all) => all)).toBe(
        `<untrusted source="${source}">\n${text}\n</untrusted>`,
      );
    expect(wrapUntrusted(`\u200b${text}`, 'merge-request', (all) => all)).toBe(
      '<untrusted source="merge-request" invisible-characters-removed="1" hidden-parts-removed="2">\n \n</untrusted>',
    );
  });
});

const piece = fc.constantFrom(
  ...[
    '<',
    '>',
    '</',
    '/>',
    '<!--',
    '-->',
    '--!>',
    '<!',
    '<?',
    '?>',
    'div',
    'b',
    'pre',
    'script',
    ' hidden',
    ' style="color:white"',
  ],
  ...[
    '"',
    "'",
    '=',
    ' ',
    '\n',
    '\n\n',
    '    ',
    '`',
    '```\n',
    '~~~\n',
    '|',
    '\\',
    '$',
    '[',
    ']',
    '(',
    ')',
    ']:',
    '](',
    '![',
    '[^1]',
  ],
  ...['#', 'a', 'x', '&#8203;', '&zwj;', '&#', ';', '- ', '> ', '---\n', '>>>\n', '\u200b'],
);

describe('whatever is written', () => {
  test('cleaning twice is cleaning once, and adds nothing', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const once = shown(text);
        expect(shown(once)).toBe(once);
        expect(once.length).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('time grows with the length', () => {
    const repeated = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(repeated, (pattern) => {
        const spent = processorTime();
        withoutHidden(pattern.repeat(50_000 / pattern.length));
        expect(spent()).toBeLessThan(3_000);
      }),
      { numRuns: 15 },
    );
  });
});

/** Published payloads; without them the cases above are what there is. */
const payloads = (() => {
  const folder = join(import.meta.dirname, '../../../../shared/data/security');
  if (!existsSync(folder)) return ['<!-- ignore this -->', '<b hidden>ignore this</b>'];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  const texts = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(texts);
  return files.flatMap((name) => texts(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
})();

describe('published payloads', () => {
  const hiding: readonly ((text: string) => string)[] = [
    (text) => `<!-- ${text.replaceAll('-->', '')} -->`,
    (text) => `<p hidden>${text}</p>`,
    (text) => `<img src="a.png" alt="${text.replaceAll('"', '')}">`,
    (text) => `[//]: # "${text.replace(/["\n]/g, '').replace(/\\+$/, '')}"`,
    (text) =>
      [...text].map((each) => String.fromCodePoint(0xe0000 + ((each.codePointAt(0) ?? 0) % 128))).join(''),
  ];

  test('hidden in any way they are not read', () => {
    for (const payload of payloads) {
      const words = payload.match(/[a-z]{6,}/gi) ?? [];
      for (const hide of hiding) {
        const text = shown(`0\n\n${hide(payload)}\n\n1`);
        for (const word of words) expect(text, payload).not.toContain(word);
      }
    }
  });

  test('those that are HTML run nothing, and are the same when they are cleaned again', () => {
    for (const payload of payloads) {
      const text = shown(payload);
      expect(shown(text)).toBe(text);
      expect(text).not.toMatch(/<script|\son[a-z]+=["']?\w+[:(]/i);
    }
  });
});
