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
  const times = { started: 0, ended: 0 };
  return { title: 'Pipewright validate', files, judged: files, verdict: 'the verdict', links: [], times };
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

  test('what is old stays in it, since what is missing would count as fixed', () => {
    const [fresh] = issues(error);
    const [issue] = JSON.parse(codequality.render({ ...input(error), old: new Set([error]) }));
    expect(issue).toMatchObject({ severity: 'info', fingerprint: fresh.fingerprint });
    expect(issue.description).toMatch(/^old, in the baseline; spec\.x is "bad"; /);
  });

  test('nothing found is an empty report, which GitLab needs to compare with', () => {
    expect(issues()).toEqual([]);
  });
});

describe('junit', () => {
  const case_ = (group: string, rest: string, file = 'agents/a.ossa.yaml') =>
    `<testcase classname="Pipewright validate" name="${file}: ${group}" file="${file}">${rest}`;

  test('a case for each file and group, failed by errors only', () => {
    const xml = junit.render(input(error, warning));
    expect(xml).toContain('<testsuite name="Pipewright validate" tests="6" failures="1" skipped="0">');
    const failure =
      '<failure message="1 error">agents/a.ossa.yaml:3:5 error OSSA_ENUM\n  spec.x is &quot;bad&quot;';
    expect(xml).toContain(case_('structure', failure));
    expect(xml).toContain(case_('components', '</testcase>'));
    expect(xml).toContain(case_('rules', '<system-out>agents/a.ossa.yaml:9:5 warning RULE_X'));
    expect(xml).toContain(case_('structure', '</testcase>', 'agents/b.ossa.yaml'));
  });

  test.each([
    ['FILE_NOT_TEXT', 'structure'],
    ['YAML_SYNTAX', 'structure'],
    ['OSSA_TYPE', 'structure'],
    ['COMPONENT_ENUM', 'components'],
    ['RULE_X', 'rules'],
    ['POLICY_X', 'other'],
    ['X', 'other'],
  ])('%s fails the group %s and no other', (code, group) => {
    const xml = junit.render(input({ ...error, code }));
    expect(
      [...xml.matchAll(/name="agents\/a.ossa.yaml: (\w+)"[^>]*><failure/g)].map(([, name]) => name),
    ).toEqual([group]);
  });

  test.each(['FILE_UNREADABLE', 'YAML_SYNTAX'])(
    'of a file with %s the rest is skipped, not passed',
    (code) => {
      const xml = junit.render(input({ ...error, code }));
      expect(xml).toContain('tests="6" failures="1" skipped="2"');
      expect(xml).toContain(case_('rules', '<skipped message="not checked: the file cannot be read"/>'));
      expect(xml).toContain(case_('rules', '</testcase>', 'agents/b.ossa.yaml'));
    },
  );

  test('what is old fails nothing and is shown', () => {
    const xml = junit.render({ ...input(error, warning), old: new Set([error]) });
    expect(xml).toContain('failures="0"');
    expect(xml).toContain(
      case_('structure', '<system-out>Old, in the baseline:\nagents/a.ossa.yaml:3:5 error'),
    );
  });

  test('text of strangers is no attachment', () => {
    const xml = junit.render(input({ ...warning, message: '[[ATTACHMENT|secret.txt]]' }));
    expect(xml).toContain('[ [ATTACHMENT|secret.txt]]');
    expect(junit.render(input({ ...warning, message: '[[[ATTACHMENT|x]]' }))).not.toContain('[[');
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

  test('fits on a screen: ten findings with short texts, and the count of the rest', () => {
    const many = Array.from({ length: 25 }, (_, index) => {
      return { ...error, line: index + 1, file: `${'f'.repeat(400)}.yaml`, message: 'long '.repeat(1_000) };
    });
    const note = markdown.render(input(...many));
    expect(note.match(/^- /gm)).toHaveLength(10);
    expect(note).toContain('…and 15 more, in the report.');
    expect(Math.max(...note.split('\n').map(({ length }) => length))).toBeLessThan(400);
    expect(note).toContain('…:3`');
  });

  test('each line of the verdict stays a line', () => {
    expect(markdown.render({ ...input(), verdict: 'one\ntwo' })).toContain('\none\\\ntwo\n');
  });

  test('links to file and line, none to what lies outside of the repository', () => {
    const source = 'https://gitlab.example.com/acme/shop/-/blob/1234/';
    const note = (file: string) => markdown.render({ ...input({ ...error, file }), source });
    expect(note('agents/a.ossa.yaml')).toContain(
      `[\`agents/a.ossa.yaml:3\`](${source}agents/a.ossa.yaml#L3)`,
    );
    expect(note('a b)](x)#?%.yaml')).toContain(`(${source}a%20b%29%5D%28x%29%23%3F%25.yaml#L3)`);
    expect(note('\ud800.yaml')).toContain(`(${source}%EF%BF%BD.yaml#L3)`);
    for (const file of ['../a.yaml', '/a.yaml']) expect(note(file)).toContain(`**error** \`${file}:3\` `);
  });

  test('says what --fix would mend, where that is known and something', () => {
    const note = (mendable?: number) =>
      markdown.render({ ...input(error, warning), ...(mendable === undefined ? {} : { mendable }) });
    expect(note(1)).toContain('\n`pipewright validate --fix` would mend 1 of 2.\n');
    expect(note(0)).not.toContain('--fix');
    expect(note()).not.toContain('--fix');
  });

  test('what is old is not listed', () => {
    const note = markdown.render({ ...input(error, warning), old: new Set([error]), mendable: 1 });
    expect(note).not.toContain('spec.x');
    expect(note).toContain('would mend 1 of 1.');
    expect(note).toContain('`careful`');
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
    const hostile = { ...error, file: message, message, suggestion: message };
    const note = markdown.render(input(hostile));
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
