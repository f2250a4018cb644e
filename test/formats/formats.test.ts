import { describe, expect, test } from 'vitest';
import { format as annotations } from '../../components/formats/annotations.ts';
import { format as codequality } from '../../components/formats/codequality.ts';
import { format as junit } from '../../components/formats/junit.ts';
import { codeSpan, format as markdown } from '../../components/formats/markdown.ts';
import { renderFinding } from '../../components/formats/text.ts';
import type { FormatInput } from '../../components/formats/types.ts';
import type { Finding } from '../../components/kernel/finding.ts';

const error: Finding = {
  code: 'OSSA_ENUM',
  severity: 'error',
  file: 'agents/a.ossa.yaml',
  line: 3,
  column: 5,
  path: 'spec.x',
  message: 'spec.x is "bad"',
  expected: 'one of: good',
  suggestion: 'good',
};
const warning: Finding = { ...error, code: 'RULE_X', severity: 'warning', line: 9, message: 'careful' };

function input(...findings: Finding[]): FormatInput {
  const files = [
    { path: 'agents/a.ossa.yaml', findings },
    { path: 'agents/b.ossa.yaml', findings: [] },
  ];
  return { title: 'Pipewright validate', files, judged: files, verdict: 'the verdict', links: [] };
}

describe('text', () => {
  test('is what style asks for', () => {
    expect(renderFinding(error)).toBe(
      'agents/a.ossa.yaml:3:5 error OSSA_ENUM\n  spec.x is "bad"\n  expected one of: good\n  did you mean "good"?\n',
    );
  });

  test('shows no control and no bidirectional character', () => {
    expect(renderFinding({ ...error, message: 'a\u001b[31mb\u202ec\rd' })).toContain(
      'a\\u001b[31mb\\u202ec\\u000dd',
    );
  });
});

describe('codequality', () => {
  const issues = (...findings: Finding[]) => JSON.parse(codequality.render(input(...findings)));

  test('has the fields GitLab reads', () => {
    expect(issues(error)).toEqual([
      {
        description: 'spec.x is "bad"; expected one of: good; did you mean "good"?',
        check_name: 'OSSA_ENUM',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        severity: 'major',
        location: { path: 'agents/a.ossa.yaml', lines: { begin: 3 } },
      },
    ]);
  });

  test('a finding that only moved keeps its fingerprint; equal findings have their own', () => {
    const [before] = issues(error);
    const [after, twin] = issues({ ...error, line: 40 }, { ...error, line: 50 });
    expect(after.fingerprint).toBe(before.fingerprint);
    expect(twin.fingerprint).not.toBe(before.fingerprint);
  });

  test('nothing found is an empty report, which GitLab needs to compare with', () => {
    expect(issues()).toEqual([]);
  });
});

describe('junit', () => {
  test('a case for each file, failed by errors only', () => {
    const xml = junit.render(input(error, warning));
    expect(xml).toContain('<testsuite name="Pipewright validate" tests="2" failures="1">');
    expect(xml).toContain(
      '<failure message="1 error">agents/a.ossa.yaml:3:5 error OSSA_ENUM\n  spec.x is &quot;bad&quot;',
    );
    expect(xml).toContain('<system-out>agents/a.ossa.yaml:9:5 warning RULE_X');
    expect(xml).toContain('name="agents/b.ossa.yaml" file="agents/b.ossa.yaml"></testcase>');
  });

  test('hostile text stays text, and the document stays XML', () => {
    const xml = junit.render(input({ ...error, message: ']]></failure><x a="\u0000\ud800\uffff">&' }));
    expect(xml).toContain(']]&gt;&lt;/failure&gt;&lt;x a=&quot;\\u0000\ufffd\ufffd&quot;&gt;&amp;');
    expect(xml).not.toMatch(/\p{Surrogate}/u);
  });
});

describe('markdown', () => {
  test('errors first, then the rest', () => {
    expect(markdown.render(input(warning, error))).toBe(
      '### Pipewright validate\n\nthe verdict\n\n' +
        '- **error** `agents/a.ossa.yaml:3` `spec.x is "bad"` (did you mean `good`?)\n' +
        '- **warning** `agents/a.ossa.yaml:9` `careful` (did you mean `good`?)\n',
    );
  });

  test('nothing found is only the verdict, with links where there are any', () => {
    const links = [{ label: 'Report', url: 'https://gitlab.example.com/r' }];
    expect(markdown.render({ ...input(), links })).toBe(
      '### Pipewright validate\n\nthe verdict\n\n[Report](https://gitlab.example.com/r)\n',
    );
  });

  test('twenty findings at most, with the count of the rest', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({ ...error, line: index + 1 }));
    const note = markdown.render(input(...many));
    expect(note.match(/^- /gm)).toHaveLength(20);
    expect(note).toContain('…and 5 more, in the report.');
  });

  test.each([
    '/approve',
    '@all see #1 !2',
    '![x](http://e.vil/a.png)',
    '<img src=x>',
    'a\n/merge\nb',
    '`` ` ``',
    '```\n/close',
  ])('what strangers wrote stays inside its code span: %j', (message) => {
    const note = markdown.render(input({ ...error, message, suggestion: message }));
    const withoutSpans = note.replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
    expect(withoutSpans).toBe('### Pipewright validate\n\nthe verdict\n\n- **error**   (did you mean ?)\n');
  });

  test('a code span is longer than any run of backticks in it', () => {
    expect(codeSpan('a``b`c')).toBe('```a``b`c```');
    expect(codeSpan('`a`')).toBe('`` `a` ``');
  });
});

test('annotations are GitLab’s external links', () => {
  const links = [{ label: 'Report', url: 'https://gitlab.example.com/r' }];
  expect(JSON.parse(annotations.render({ ...input(), links }))).toEqual({
    'Pipewright validate': [{ external_link: { label: 'Report', url: 'https://gitlab.example.com/r' } }],
  });
});
