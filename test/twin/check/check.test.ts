import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { type Checked, checkConfig } from '../../../components/twin/check/check.ts';
import { checkCiSchema, ciSchemaOf } from '../../../components/twin/check/schema.ts';
import { scriptOf } from '../../../components/twin/resolve.ts';
import type { FlatConfig } from '../../../components/twin/types.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

const path = process.env.PATH ?? '';
const hasShellcheck = path.split(delimiter).some((folder) => existsSync(join(folder, 'shellcheck')));

/** Small enough to see in one look what GitLab's own, which is not ours to ship, is used for. */
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    spec: { type: 'object', properties: { inputs: {} }, additionalProperties: false },
    stages: {},
  },
  patternProperties: { '^[.]': {} },
  additionalProperties: {
    type: 'object',
    properties: {
      script: {},
      run: {},
      needs: {},
      retry: { type: 'integer' },
      before_script: {},
      after_script: {},
      rules: {},
      when: { enum: ['always', 'manual'] },
    },
    additionalProperties: false,
  },
};

async function check(text: string, change: { schema?: boolean; path?: string } = {}): Promise<Checked> {
  const folder = workspace({ 'ci.json': JSON.stringify(schema) });
  const parsed = parseYaml(text, 'gitlab');
  const schemaFile = change.schema === false ? undefined : join(folder, 'ci.json');
  const context = testContext(folder, { env: { PATH: change.path ?? '/nonexistent' } });
  const config = (parsed.ok ? parsed.documents.at(-1) : {}) as FlatConfig;
  return checkConfig(context, {
    config,
    file: '.gitlab-ci.yml',
    text,
    schema: ciSchemaOf(context, schemaFile),
    temporary: folder,
  });
}

const brief = ({ findings }: Checked) =>
  findings.map(({ code, file, line, message }) => `${file}:${line} ${code} ${message}`);

test('mistakes of the schema have file, place, job and what was meant', async () => {
  const checked = await check('unit:\n  scrpt: [x]\n  retry: many\n  when: manul\n  run: []\n');
  expect(brief(checked)).toEqual([
    '.gitlab-ci.yml:3 TWIN_SCHEMA unit.retry is "many"',
    '.gitlab-ci.yml:2 TWIN_SCHEMA unit has an unknown field "scrpt"',
    '.gitlab-ci.yml:4 TWIN_SCHEMA unit.when is "manul"',
  ]);
  expect(checked.findings[1]).toMatchObject({ suggestion: 'script', path: 'unit.scrpt' });
});

test('extends and !reference are resolved first, in the order GitLab has', async () => {
  const checked = await check(
    [
      '.base: {before_script: [echo base], retry: 1, script: [x]}',
      '.lines: {list: [echo a, echo b]}',
      '.more: {extends: .base, retry: 2}',
      'unit:',
      '  extends: [.more]',
      '  script: [!reference [.lines, list], echo c]',
      '  after_script: !reference [unit, before_script]',
    ].join('\n'),
  );
  expect(checked.findings).toEqual([]);
  expect(checked.config?.unit).toEqual({
    ...{ retry: 2, before_script: ['echo base'], after_script: ['echo base'] },
    script: ['echo a', 'echo b', 'echo c'],
  });
});

test('what points nowhere or in circles is reported, all of it', async () => {
  const checked = await check(
    [
      '.circle: {script: !reference [.circle, script]}',
      '.a: {extends: .b}',
      '.b: {extends: .a}',
      'unit: {extends: .nothing, script: [!reference [.none, script]]}',
    ].join('\n'),
  );
  expect(brief(checked)).toEqual([
    '.gitlab-ci.yml:2 TWIN_EXTENDS .a: circular dependency detected in `extends`',
    '.gitlab-ci.yml:3 TWIN_EXTENDS .b: circular dependency detected in `extends`',
    '.gitlab-ci.yml:4 TWIN_EXTENDS unit: unknown keys in `extends` (.nothing)',
    '.gitlab-ci.yml:1 TWIN_REFERENCE !reference [".circle","script"] is part of a circular chain',
    '.gitlab-ci.yml:4 TWIN_REFERENCE !reference [".none","script"] could not be found',
  ]);
});

test('a need of a job that the configuration does not have', async () => {
  const checked = await check(
    'spec: {}\n---\na: {needs: [b, {job: c, optional: true}, {project: x, job: d}], script: [x]}\n',
  );
  expect(brief(checked)).toEqual(['.gitlab-ci.yml:3 TWIN_NEED_ABSENT a job: undefined need: b']);
});

test('what cannot be checked is said once', async () => {
  const checked = await check('a: {script: [x]}\nb: {script: [x]}\n', { schema: false });
  expect(checked.notices).toEqual([
    "GitLab's schema of CI configuration is not at hand: not checked",
    'shellcheck is not installed: scripts of jobs are not checked',
  ]);
});

test.runIf(hasShellcheck)('scripts of jobs are checked as bash (skipped without shellcheck)', async () => {
  const text = [
    'good:',
    '  script: [cd x, echo "$UNSET"]',
    'bad:',
    '  before_script: ["unused=1"]',
    "  script: ['if true; then']",
  ].join('\n');
  const checked = await check(text, { path });
  expect(brief(checked).filter((line) => line.includes('good'))).toEqual([]);
  expect(brief(checked)[0]).toMatch(/^\.gitlab-ci\.yml:5 TWIN_SHELL job bad: SC\d+ /);
  const warned = await check('a:\n  script: ["unused=1"]\n', { path });
  expect(brief(warned)).toEqual([
    '.gitlab-ci.yml:2 TWIN_SHELL_WARNING job a: SC2034 unused appears unused. Verify use (or export if used externally).\n    unused=1',
  ]);
});

test('the script of a job is what it inherits and what it has', () => {
  const config = { default: { before_script: ['one'], after_script: ['four'] }, before_script: ['no'] };
  expect(scriptOf(config, { script: ['two', 'three'] })).toEqual(['one', 'two', 'three', 'four']);
  expect(scriptOf(config, { script: 'two', inherit: { default: ['after_script'] } })).toEqual([
    'two',
    'four',
  ]);
  expect(scriptOf(config, { script: 'two', inherit: { default: false } })).toEqual(['two']);
});

const real = join(import.meta.dirname, '../../../../shared/data/gitlab/ci.schema.json');

test.runIf(existsSync(real))(
  "GitLab's own schema compiles and finds mistakes (skipped where it is not at hand)",
  async () => {
    const own = ciSchemaOf(testContext(workspace()), real);
    const issues = await checkCiSchema({ a: { script: ['x'], when: 'sometimes', retryy: 1 } }, own);
    expect(issues?.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining('retryy')]),
    );
    expect(await checkCiSchema({ spec: { component: ['name'] }, a: { script: ['x'] } }, own)).toEqual([]);
  },
);
