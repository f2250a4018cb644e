import { describe, expect, test } from 'vitest';
import { readMergeRequestFacts } from '../../components/gitlab/ci-merge-request.ts';
import { linesOfLog } from '../../components/tools/logs/plain-log.ts';
import { tools } from '../../components/tools/registry.gen.ts';
import type {
  JobFacts,
  JobLogsReader,
  MergeRequestFacts,
  Surroundings,
} from '../../components/tools/types.ts';
import { repositoryOf } from './repository.ts';

async function run(id: string, input: object, surroundings: Omit<Surroundings, 'repository'>) {
  const tool = tools.find((each) => each.id === id);
  if (tool === undefined) throw new Error(`no tool ${id}`);
  return tool.run(input as never, { repository: repositoryOf({}), ...surroundings });
}

const facts: MergeRequestFacts = {
  ...{
    iid: 7,
    title: 'Raise\nVAT',
    description: 'Because.\n',
    isCut: false,
    labels: ['a', 'b'],
    author: 'mallory',
  },
  ...{ sourceBranch: 'vat', targetBranch: 'main', state: 'opened', draft: true },
};

describe('read-merge-request', () => {
  test('gives what is known', async () => {
    const { text } = await run('read-merge-request', {}, { mergeRequest: async () => facts });
    expect(text.split('\n')).toEqual([
      ...[
        'merge request !7',
        'title: Raise\\nVAT',
        'author: mallory',
        'labels: a, b',
        'branches: vat into main',
      ],
      ...['state: opened, draft', '', 'Because.'],
    ]);
  });

  test('and leaves out what is not', async () => {
    const part = {
      iid: 7,
      event: 'detached',
      target: { projectId: 1, projectPath: 'a/b', branch: 'main', sha: undefined },
      source: { projectId: 1, projectPath: 'a/b', branch: 'vat', sha: 'a'.repeat(40) },
      ...{ diffBaseSha: undefined, fork: false },
    } as const;
    const of = (env: Record<string, string>) =>
      run('read-merge-request', {}, { mergeRequest: async () => readMergeRequestFacts(env, part) });
    expect((await of({})).text.split('\n')).toEqual([
      ...['merge request !7', 'labels: none', 'branches: vat into main', '', '(no description)'],
    ]);
    const { text } = await of({
      CI_MERGE_REQUEST_TITLE: 'Draft: VAT',
      CI_MERGE_REQUEST_LABELS: 'x,y z',
      CI_MERGE_REQUEST_DRAFT: 'true',
      CI_MERGE_REQUEST_DESCRIPTION: 'Long',
      CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED: 'true',
    });
    expect(text).toContain('title: Draft: VAT\nlabels: x, y z\n');
    expect(text).toContain('state: draft\n\nLong\n(the description goes on');
  });
});

const job: JobFacts = {
  ...{ id: 3, name: 'unit\ntests', stage: 'test', status: 'failed', failureReason: 'script_failure' },
  allowFailure: true,
};

test('list-pipeline-jobs gives a line a job, up to a limit', async () => {
  const list = async () => [job, { ...job, id: 4, name: 'lint', status: 'success' }];
  expect((await run('list-pipeline-jobs', {}, { jobs: { list } })).text.split('\n')).toEqual([
    '2 jobs',
    '3 failed (script_failure), which is allowed test: unit\\ntests',
    '4 success test: lint',
  ]);
  const many = async () => Array.from({ length: 305 }, (_, id) => ({ ...job, id }));
  const lines = (await run('list-pipeline-jobs', {}, { jobs: { list: many } })).text.split('\n');
  expect([lines.length, lines.at(-1)]).toEqual([302, '(and 5 more)']);
});

describe('a log as a person reads it', () => {
  test.each([
    ['colours', '\u001b[0;32mgreen\u001b[0m \u001b[1mbold', 'green bold'],
    ['sections', 'section_start:1700000000:build[collapsed=true]\r\u001b[0KBuild\n', 'Build'],
    ['ends of sections', 'section_end:1700000000:build\r\u001b[0Knext', 'next'],
    ['what was overwritten', ' 10%\r 50%\r100%\n', '100%'],
    ['ends of lines', 'a\r\nb\r\n', 'a|b'],
    [
      'titles of windows and links',
      '\u001b]0;title\u0007a \u001b]8;;https://x\u001b\\link\u001b]8;;\u001b\\',
      'a link',
    ],
    ['an unfinished sequence', 'a\u001b[31', 'a'],
    [
      'times of the runner',
      '2026-01-02T03:04:05.000006Z 01O text\n2026-01-02T03:04:05.1Z 01E more',
      'text|more',
    ],
  ])('%s', (_, text, shown) => expect(linesOfLog(text).join('|')).toBe(shown));

  test('megabytes take no longer than their length', () => {
    const begun = performance.now();
    for (const piece of ['\u001b[', '\u001b]', 'section_start:', '\r', '\u001b[0;', 'section_start:1:a['])
      linesOfLog(piece.repeat(300_000));
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('read-job-log', () => {
  const log = Array.from({ length: 1_000 }, (_, index) => `\u001b[32mline ${index + 1}\u001b[0m\n`).join('');
  const reads: number[] = [];
  const jobLogs: JobLogsReader = {
    list: async () => [job, { ...job, id: 5 }],
    read: async (id) => {
      reads.push(id);
      return id === 3 ? log : undefined;
    },
  };
  test.each([
    [{ job: 3, from: 5, to: 6 }, ['5: line 5', '6: line 6', '(lines 5 to 6 of 1000)']],
    [{ job: 3, from: 999 }, ['999: line 999', '1000: line 1000', '(lines 999 to 1000 of 1000)']],
    [
      { job: 3, pattern: 'line 77' },
      [
        '77: line 77',
        ...Array.from({ length: 10 }, (_, at) => `77${at}: line 77${at}`),
        '(11 lines of 1000)',
      ],
    ],
    [{ job: 3, pattern: '^line (1|2)$', regex: true }, ['1: line 1', '2: line 2', '(2 lines of 1000)']],
    [{ job: 3, pattern: 'LINE 9', ignore_case: true, from: 9, to: 20 }, ['9: line 9', '(1 line of 1000)']],
  ])('%j', async (input, lines) => {
    expect((await run('read-job-log', input, { jobLogs })).text.split('\n')).toEqual(lines);
  });

  test('gives the last lines without a range, and 200 matches', async () => {
    const last = (await run('read-job-log', { job: 3 }, { jobLogs })).text.split('\n');
    expect([last.length, last[0], last.at(-1)]).toEqual([
      201,
      '801: line 801',
      '(lines 801 to 1000 of 1000)',
    ]);
    const found = (await run('read-job-log', { job: 3, pattern: 'line' }, { jobLogs })).text.split('\n');
    expect([found.length, found.at(-1)]).toEqual([201, '(not looked at from line 201 on: go on by `from`)']);
  });

  test('refuses what is not there, and asks for no job of another pipeline', async () => {
    reads.length = 0;
    const of = async (input: object) => (await run('read-job-log', input, { jobLogs })).text;
    expect(await of({ job: 4 })).toBe('The pipeline has no job 4; list its jobs.');
    expect(reads).toEqual([]);
    expect(await of({ job: 5 })).toBe('The job has written no log yet, or it was erased.');
    expect(await of({ job: 3, from: 2_000 })).toMatch(/^The log has 1000 lines: there is no line from 2000/);
    expect(await of({ job: 3, pattern: '(', regex: true })).toMatch(/no expression that is searched for/);
  });
});
