import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintFile } from '../../components/lint-ci/check.ts';
import { rules } from '../../components/lint-ci/rules.gen.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { lint, shown } from './lint.ts';

const tidy = `tidy:
  image: $AGENT_IMAGE
  script:
    - claude -p "Tidy" --dangerously-skip-permissions
`;

describe('local includes', () => {
  test.each([
    ['include: /ci/tidy.yml', 'a text'],
    ['include:\n  local: ci/tidy.yml', 'a mapping'],
    ['include:\n  - local: [ci/tidy.yml]', 'a list'],
    ['include:\n  - ci/*.yml', 'a pattern'],
    ['include: first.yml', 'a file that includes it'],
  ])('%s: %s', async (text) => {
    const others = { 'ci/tidy.yml': tidy, 'first.yml': 'include: ci/tidy.yml\n' };
    const found = await lint(`${text}\n`, others);
    expect(found.map(({ file, line, code }) => `${file}:${line} ${code}`)).toEqual([
      'ci/tidy.yml:4 LINT_CONFIRMATIONS_OFF',
    ]);
  });

  test('a job is what all files make of it, each value with the file it is in', async () => {
    const text = `include: base.yml
review:
  script:
    - codex exec --sandbox read-only "Review"
`;
    const base = `.keyed:
  variables:
    OPENAI_API_KEY: $KEY
review:
  extends: .keyed
  image: $AGENT_IMAGE
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
`;
    const found = await lint(text, { 'base.yml': base });
    expect(found.map(({ file, line, code }) => `${file}:${line} ${code}`)).toEqual([
      'base.yml:3 LINT_SECRET_ON_MERGE_REQUEST',
    ]);
  });

  test('files that include each other are read once', async () => {
    const found = await lint('include: a.yml\n', {
      'a.yml': 'include: b.yml\n',
      'b.yml': `include: a.yml\n${tidy}`,
    });
    expect(found.map(({ code }) => code)).toEqual(['LINT_CONFIRMATIONS_OFF']);
  });

  test.each([
    ['include: gone.yml', '1:10 error LINT_INCLUDE_MISSING'],
    ['include:\n  - local: ../outside.yml', '2:12 error LINT_INCLUDE_MISSING'],
    ['include: ci', '1:10 error LINT_INCLUDE_MISSING'],
    ['include: $FOLDER/ci.yml', '1:10 info LINT_INCLUDE_NOT_FOLLOWED'],
    ['include:\n  template: Auto-DevOps.gitlab-ci.yml', '2:13 info LINT_INCLUDE_NOT_FOLLOWED'],
  ])('%s', async (text, expected) => {
    expect(shown(await lint(`${text}\n`, { 'ci/.keep': '' }))).toEqual([expected]);
  });

  test('nothing is read through a link', async () => {
    const outside = workspace({ 'secret.yml': tidy });
    const cwd = workspace({ '.gitlab-ci.yml': 'include: ci/secret.yml\n' });
    symlinkSync(outside, join(cwd, 'ci'));
    const [file] = await lintFile(testContext(cwd), '.gitlab-ci.yml', rules);
    expect(file?.findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'LINT_INCLUDE_MISSING the local include ci/secret.yml goes through the link ci',
    ]);
  });

  test('a mistake in an included file is one of that file', async () => {
    const found = await lint('include: a.yml\n', { 'a.yml': 'a: [\n' });
    expect(found[0]).toMatchObject({ file: 'a.yml', code: 'YAML_SYNTAX' });
  });
});

test.each(['- a', 'text', '7'])('LINT_NOT_A_PIPELINE: %s', async (text) => {
  expect(shown(await lint(text))).toEqual(['1:1 error LINT_NOT_A_PIPELINE']);
});

test.each(['', '# nothing\n', '---\n'])('an empty configuration has no agents: %j', async (text) => {
  expect(await lint(text)).toEqual([]);
});

test('LINT_WAIVER_UNUSED: what waives nothing is told, and stops nothing', async () => {
  const text = '# pipewright-lint-ci: debug-trace we need it\ntest:\n  script: [make]\n';
  expect(shown(await lint(text))).toEqual(['1:1 info LINT_WAIVER_UNUSED']);
});

test('two waivers above one line, each for its rule', async () => {
  const text = `review:
  # pipewright-lint-ci: debug-trace a sandbox without secrets
  # pipewright-lint-ci: agent-image-unpinned tried with each release
  image: node:24
  variables: { CI_DEBUG_TRACE: "true" } # pipewright-lint-ci: debug-trace a sandbox without secrets
  script: [claude -p "Review" --allowedTools Read]
`;
  expect(shown(await lint(text))).toEqual(['2:3 info LINT_WAIVER_UNUSED']);
});

describe('what GitLab resolves', () => {
  const calls = (yaml: string) =>
    lint(yaml).then((found) => found.map(({ code, line }) => `${line} ${code}`));

  test('default, unless a job does not inherit it', async () => {
    const text = (inherit: string) => `default:
  before_script: [aider --yes-always --message go]
job:
  image: $AGENT_IMAGE
  ${inherit}
  script: [make]
`;
    expect(await calls(text('tags: [a]'))).toEqual(['2 LINT_CONFIRMATIONS_OFF']);
    expect(await calls(text('inherit: { default: false }'))).toEqual([]);
    expect(await calls(text('inherit: { default: [image] }'))).toEqual([]);
    expect(await calls(text('before_script: []'))).toEqual([]);
  });

  test('variables of the pipeline, unless a job does not inherit them', async () => {
    const text = (inherit: string) => `variables: { GOOSE_MODE: auto }
job:
  image: $AGENT_IMAGE
  ${inherit}
  script: [goose run -t go]
`;
    expect(await calls(text('tags: [a]'))).toEqual(['1 LINT_CONFIRMATIONS_OFF']);
    expect(await calls(text('inherit: { variables: [OTHER] }'))).toEqual([]);
    expect(await calls(text('variables: { GOOSE_MODE: approve }'))).toEqual([]);
  });

  test('references to references, and parents that name each other', async () => {
    const text = `.a: { script: [q chat --trust-all-tools go], extends: .b }
.b: { extends: .a, script: !reference [.a, script] }
job:
  image: $AGENT_IMAGE
  extends: .b
  before_script:
    - !reference [.b, script]
  script: !reference [.gone, script]
`;
    expect(await calls(text)).toEqual(['1 LINT_CONFIRMATIONS_OFF']);
  });
});
