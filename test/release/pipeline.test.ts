import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { parseInputSpecs } from '../../scripts/dev/release/template.ts';
import { type Job, readPipeline } from './read-pipeline.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ciSchema = join(root, '../shared/data/gitlab/ci.schema.json');

const pipeline = readPipeline(join(root, '.gitlab-ci.yml'));
const keywords = new Set(['workflow', 'stages', 'include', 'variables', 'default']);
const jobs = Object.entries(pipeline).filter(([name]) => !keywords.has(name)) as [string, Job][];
const runs = jobs.filter(([name]) => !name.startsWith('.'));

test("GitLab's schema accepts it", ({ skip }) => {
  if (!existsSync(ciSchema)) return skip("GitLab's ci.schema.json is not at hand");
  const ajv = new Ajv({ strict: false, allowUnionTypes: true, allErrors: true });
  ajvFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(ciSchema, 'utf8')));
  validate(pipeline);
  expect(validate.errors).toBeNull();
});

describe.each(runs)('the job %s', (name, job) => {
  test('stands in a stage there is, and needs jobs there are', () => {
    const included = ['self-validate', 'self-merge-request-validate'];
    const stage = job.stage ?? (pipeline[job.extends ?? ''] as Job | undefined)?.stage;
    if (!included.includes(name)) expect(pipeline.stages).toContain(stage);
    for (const need of job.needs ?? []) expect(runs.map(([other]) => other)).toContain(need);
  });
});

const scripts = jobs
  .map(([name, job]) => [name, [...(job.before_script ?? []), ...(job.script ?? [])].join('\n')] as const)
  .filter(([, script]) => script !== '');
const shellcheck = spawnSync('shellcheck', ['--version']).error === undefined;

test.for(scripts)('the script of %s passes shellcheck', ([, script], { skip }) => {
  if (!shellcheck) return skip('shellcheck is not installed');
  // POSIX: some of the images have no bash.
  const ran = spawnSync('shellcheck', ['--shell=sh', '-'], { input: `${script}\n`, encoding: 'utf8' });
  expect(ran.stdout + ran.stderr).toBe('');
});

test.each(scripts)('the script of %s hands no secret on as an argument', (_, script) => {
  const commands = script.split('\n').filter((line) => !line.startsWith("printf '%s' "));
  expect(commands.filter((line) => /TOKEN|PASSWORD|SECRET/.test(line))).toEqual([]);
});

test('what writes outside the pipeline runs on protected refs only', () => {
  const writers = runs.filter(
    ([, job]) => ['image', 'publish'].includes(job.stage ?? '') || job.extends === '.buildah',
  );
  expect(writers.map(([name]) => name)).toEqual([
    'image-version',
    'image-build',
    'image-manifest',
    'verify-release',
    'publish',
  ]);
  for (const [name, job] of writers) {
    const rules = job.rules ?? (pipeline[job.extends ?? ''] as Job).rules ?? [];
    expect(rules, name).toHaveLength(1);
    expect(rules[0]?.if, name).toContain('&& $CI_COMMIT_REF_PROTECTED == "true"');
  }
});

test('a manual job does not hold up the pipeline', () => {
  const manual = runs.flatMap(([, job]) => job.rules ?? []).filter((rule) => rule.when === 'manual');
  expect(manual).toHaveLength(1);
  expect(manual.every((rule) => rule.allow_failure)).toBe(true);
});

test('it includes its own component of this commit, with inputs the component takes', () => {
  const text = readFileSync(join(root, 'templates/validate/template.yml'), 'utf8');
  const specs = parseInputSpecs(text);
  if (!specs.ok) throw new Error(specs.reason);
  expect(pipeline.include.map(({ inputs }) => inputs['job-prefix'])).toEqual(['self', 'self-merge-request']);
  for (const { component, inputs } of pipeline.include) {
    expect(component).toBe('$CI_SERVER_FQDN/$CI_PROJECT_PATH/validate@$CI_COMMIT_SHA');
    for (const [name, value] of Object.entries(inputs)) {
      const { regex, options } = specs.value[name] ?? {};
      expect(Object.keys(specs.value)).toContain(name);
      if (typeof regex === 'string')
        expect(RE2JS.compile(regex).matcher(String(value)).find(), name).toBe(true);
      if (Array.isArray(options)) expect(options).toContain(value);
    }
    expect(existsSync(join(root, String(inputs.root)))).toBe(true);
  }
});
