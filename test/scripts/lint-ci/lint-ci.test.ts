import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validate } from '#validators/lint-ci-report';
import { checkSchema } from '../../../components/kernel/schema.ts';
import { pipewright } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

const bad = `tidy:
  image: node:24
  script:
    - claude -p "Tidy" --dangerously-skip-permissions
`;
const warned = `review:
  image: node:24
  script:
    - claude -p "Review" --allowedTools Read
`;

test('says what is wrong at its place, and writes reports', async () => {
  const cwd = workspace({ '.gitlab-ci.yml': bad });
  const { exitCode, stdout } = await pipewright(['lint-ci'], { cwd });
  expect(exitCode).toBe(20);
  expect(stdout).toBe(`.gitlab-ci.yml:2:10 warning LINT_AGENT_IMAGE_UNPINNED
  tidy runs Claude Code in an image that may change
  expected name:tag@sha256:…
  Add the digest that the tag has today.

.gitlab-ci.yml:4:24 error LINT_CONFIRMATIONS_OFF
  tidy: Claude Code asks nobody before it acts (--dangerously-skip-permissions)
  Name the tools it may use, or let it only read; what it wants done is for another job to decide.

1 file: 1 error, 1 warning
`);
  const read = (name: string) => readFileSync(join(cwd, '.pipewright/lint-ci/pipewright', name), 'utf8');
  expect(checkSchema(validate, JSON.parse(read('report.json')))).toEqual([]);
  expect(JSON.parse(read('gl-code-quality-report.json'))).toMatchObject([
    {
      check_name: 'LINT_AGENT_IMAGE_UNPINNED',
      severity: 'minor',
      location: { path: '.gitlab-ci.yml', lines: { begin: 2 } },
    },
    { check_name: 'LINT_CONFIRMATIONS_OFF', severity: 'major', location: { lines: { begin: 4 } } },
  ]);
  const [run] = JSON.parse(read('report.sarif')).runs;
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
    'LINT_AGENT_IMAGE_UNPINNED',
    'LINT_CONFIRMATIONS_OFF',
  ]);
  expect(
    [...read('junit.xml').matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(
      ([, , name]) => name,
    ),
  ).toEqual(['.gitlab-ci.yml: configuration', '.gitlab-ci.yml: agents']);
});

test('warnings count when they are asked to, and in mode observe nothing does', async () => {
  const cwd = workspace({ 'a.yml': warned, 'b.yml': bad });
  const exit = async (...args: string[]) => (await pipewright(['lint-ci', ...args], { cwd })).exitCode;
  expect(await exit('a.yml')).toBe(0);
  expect(await exit('a.yml', '--strict')).toBe(20);
  expect(await exit('a.yml', 'b.yml')).toBe(20);
  expect(await exit('b.yml', '--mode=warn')).toBe(20);
  expect(await exit('b.yml', '--mode=observe')).toBe(0);
});

test('a file that two configurations include is reported once', async () => {
  const cwd = workspace({ 'a.yml': 'include: c.yml\n', 'b.yml': 'include: c.yml\n', 'c.yml': bad });
  const { stdout } = await pipewright(['lint-ci', 'a.yml', 'b.yml'], { cwd });
  expect(stdout.match(/c\.yml:4:24 error/g)).toHaveLength(1);
  expect(stdout).toContain('3 files: 1 error, 1 warning');
});

test('every file that cannot be read is named', async () => {
  const { exitCode, stderr } = await pipewright(['lint-ci', 'a.yml', 'b.yml'], {
    cwd: workspace({ 'b.yml/c': '' }),
  });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/FILE_NOT_FOUND[\s\S]*FILE_IS_DIRECTORY/);
});

test('no variable decides what passes', async () => {
  const cwd = workspace({ '.gitlab-ci.yml': bad });
  const { exitCode, stderr } = await pipewright(['lint-ci'], { cwd, env: { PIPEWRIGHT_MODE: 'observe' } });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('INPUT_NOT_FROM_ENV');
});

test('this project and its templates have no errors', async () => {
  const files = [
    '.gitlab-ci.yml',
    ...['validate', 'run', 'gate', 'apply'].map((id) => `templates/${id}/template.yml`),
  ];
  const out = workspace();
  const { exitCode, stdout } = await pipewright(['lint-ci', '--strict', '--out', out, ...files], {
    cwd: process.cwd(),
  });
  expect(stdout.split('\n').filter((line) => / (error|warning) LINT_/.test(line))).toEqual([]);
  expect(exitCode).toBe(0);
});
