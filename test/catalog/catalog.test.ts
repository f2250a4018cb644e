import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const catalog = parse(readFileSync(join(root, 'catalog.yml'), 'utf8'));
const schema = JSON.parse(readFileSync(join(root, 'schemas/catalog.schema.json'), 'utf8'));
const validate = new Ajv({ allErrors: true }).compile(schema);

const component = {
  id: 'check',
  summary: 'Checks what there is to check',
  since: '1.0.0',
  status: 'beta',
  template: 'templates/check/template.yml',
  command: 'check',
};

/** Folders of templates/ or agents/; none where there is no such folder. */
function foldersOf(path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

test('catalog.yml is what its schema says', () => {
  validate(catalog);
  expect(validate.errors).toBeNull();
});

test('it lists the folders of templates/ and agents/, no more and no less', () => {
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id).sort();
  expect(ids(catalog.components)).toEqual(foldersOf('templates').sort());
  expect(ids(catalog.agents)).toEqual(foldersOf('agents').sort());
});

test('it stays within the 100 components GitLab publishes of a project', () => {
  expect(foldersOf('templates').length).toBeLessThanOrEqual(100);
  const many = Array.from({ length: 101 }, (_, index) => ({ ...component, id: `check-${index}` }));
  expect(validate({ ...catalog, components: many })).toBe(false);
});

describe.each(catalog.components as (typeof component)[])(
  'the component $id',
  ({ id, template, command, since }) => {
    test('has its template and its README in its folder', () => {
      expect(template).toBe(`templates/${id}/template.yml`);
      expect(existsSync(join(root, template))).toBe(true);
      expect(existsSync(join(root, `templates/${id}/README.md`))).toBe(true);
    });

    test('names a command there is', () => {
      expect(existsSync(join(root, `scripts/${command}.ts`))).toBe(true);
    });

    test('came with a version CHANGELOG.md has', () => {
      expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain(`## [${since}]`);
    });
  },
);

describe.each(catalog.agents as { id: string; manifest: string; since: string }[])(
  'the agent $id',
  ({ id, manifest, since }) => {
    test('has manifest, README, policies with their tests, and cases in its folder', () => {
      expect(manifest).toBe(`agents/${id}/agent.ossa.yaml`);
      expect(readdirSync(join(root, `agents/${id}`))).toEqual(
        expect.arrayContaining(['README.md', 'agent.ossa.yaml', 'cases', 'policies']),
      );
      const policies = readdirSync(join(root, `agents/${id}/policies`));
      const tested = policies.map((name) => name.replace(/\.policy\.yaml$/, '.test.yaml'));
      expect(policies).toEqual(expect.arrayContaining(tested));
    });

    test('is called like its folder, and came with a version CHANGELOG.md has', () => {
      expect(parse(readFileSync(join(root, manifest), 'utf8')).metadata.name).toBe(id);
      expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain(`## [${since}]`);
    });
  },
);

describe('the schema refuses a component', () => {
  test.each([
    ['with a key it does not know', { extra: true }],
    ['without a summary', { summary: undefined }],
    ['whose summary would break the table', { summary: 'Checks | and more' }],
    ['whose summary ends with a full stop', { summary: 'Checks what there is.' }],
    ['with an unknown status', { status: 'done' }],
    ['with a tag as version', { since: 'v1.0.0' }],
    ['whose template is elsewhere', { template: 'templates/check.yml' }],
  ])('%s', (_, change) => {
    const changed = JSON.parse(JSON.stringify({ ...component, ...change }));
    expect(validate({ ...catalog, components: [component] })).toBe(true);
    expect(validate({ ...catalog, components: [changed] })).toBe(false);
  });
});
