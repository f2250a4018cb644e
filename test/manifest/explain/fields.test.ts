// What `pipewright explain` says of fields is made from the schemas: here it is held against what the schemas judge.
import { describe, expect, test } from 'vitest';
import { renderPath } from '../../../components/kernel/place.ts';
import { exampleOf, placed } from '../../../components/manifest/explain/example.ts';
import { buildTree, findPath, findSuffix, stepsOf } from '../../../components/manifest/explain/field-tree.ts';
import { meanings } from '../../../components/manifest/explain/meanings.ts';
import { presenceInWords, presenceOf } from '../../../components/manifest/explain/presence.ts';
import type { Field, FieldTable } from '../../../components/manifest/explain/types.ts';
import { checkStructure } from '../../../components/manifest/structure.ts';
import { collectFields } from '../../../scripts/dev/build/fields.ts';
import { readOssaSchemas } from '../../../scripts/dev/build/ossa-schemas.ts';

const table: FieldTable = await collectFields(await readOssaSchemas());
const root = buildTree(table);
const everything = [...table.entries.keys()];

function fieldAt(path: string): Field {
  const found = findPath(root, stepsOf(path));
  if (!found.ok) throw new Error(`${path} is not in the table`);
  return found.node.field;
}

function shapeIn(field: Field, version: string, kind: string) {
  const entry = table.entries.findIndex((one) => one.version === version && one.kind === kind);
  return field.shapes.find((shape) => table.sets[shape.in]?.includes(entry));
}

describe('the table', () => {
  test('knows every version and kind there is a schema of, the newest last', () => {
    const versions = [...new Set(table.entries.map(({ version }) => version))];
    expect(versions.indexOf('v0.3.0')).toBeLessThan(versions.indexOf('v0.3.5'));
    expect(versions.indexOf('v0.3.6')).toBeLessThan(versions.indexOf('v0.4'));
    expect(new Set(table.entries.map(({ kind }) => kind))).toContain('Workflow');
  });

  test('has a few thousand fields, each once', () => {
    expect(table.fields.length).toBeGreaterThan(2000);
    expect(new Set(table.fields.map(({ path }) => path)).size).toBe(table.fields.length);
  });

  test('says what a version says, and not what another does', () => {
    const type = fieldAt('spec.tools[].type');
    expect(shapeIn(type, 'v0.3.5', 'Agent')?.forms[0]?.values).not.toContain('browser');
    expect(shapeIn(type, 'v0.4', 'Agent')?.forms[0]?.values).toContain('browser');
    expect(shapeIn(fieldAt('spec.completion'), 'v0.3.4', 'Agent')).toBeUndefined();
    expect(shapeIn(fieldAt('metadata.name'), 'v0.3.0', 'Task')).toMatchObject({
      required: true,
      forms: [{ types: ['string'], limits: { maxLength: 253 } }],
    });
    // What closes a mapping repeats the names of its base, whose shapes hold.
    expect(shapeIn(fieldAt('metadata'), 'v0.3.0', 'Task')).toMatchObject({ closed: true });
    expect(shapeIn(fieldAt('metadata.namespace'), 'v0.3.0', 'Task')).toBeUndefined();
  });

  test('tells ways apart that depend on the value', () => {
    const forms = shapeIn(fieldAt('spec.llm.provider'), 'v0.4', 'Agent')?.forms ?? [];
    expect(forms).toHaveLength(2);
    expect(forms[0]?.values).toContain('anthropic');
    expect(forms[1]?.limits?.pattern).toMatch(/\$/);
  });

  test('stops where steps hold steps, and the way down is found all the same', () => {
    const inner = findPath(root, stepsOf('spec.steps[].parallel[].branches[].steps[3].else[0].depends_on'));
    expect(inner.ok && inner.node.field.path).toBe('spec.steps[].depends_on');
  });
});

describe('a path', () => {
  test.each([
    ['spec.tools[0].type', 'spec.tools[].type'],
    ['spec.tools[].type', 'spec.tools[].type'],
    ['spec.tools.type', 'spec.tools[].type'],
    ['/spec/tools/0/type', 'spec.tools[].type'],
    ['SPEC.LLM.maxtokens', 'spec.llm.maxTokens'],
    ['metadata.labels["app.io/x"]', 'metadata.labels.*'],
    ['spec.extensions.mcp', 'extensions.mcp'],
    ['spec.tools', 'spec.tools'],
    ['spec.completion.signals[]', 'spec.completion.signals[]'],
  ])('%s', (asked, path) => {
    const found = findPath(root, stepsOf(asked));
    expect(found.ok && found.node.field.path).toBe(path);
  });

  test.each(['', '.', '[]', 'spec.tool', 'spec.tools[][]', '__proto__', 'spec.constructor', '["spec'])(
    '%j leads nowhere',
    (asked) => expect(findPath(root, stepsOf(asked)).ok).toBe(false),
  );

  test('its end is enough', () => {
    const paths = (asked: string) => findSuffix(table, stepsOf(asked)).map(({ path }) => path);
    expect(paths('completion.signals.signal')).toEqual(['spec.completion.signals[].signal']);
    expect(paths('completion.signals')).toEqual(['spec.completion.signals']);
    expect(paths('signals[]')).toEqual(['spec.completion.signals[]']);
    expect(paths('ignals')).toEqual([]);
  });

  test('every field is found by its own', () => {
    const lost = table.fields.filter(({ path }) => {
      const found = findPath(root, stepsOf(path));
      return !found.ok || found.node.field.path !== path;
    });
    expect(lost.map(({ path }) => path)).toEqual([]);
  });
});

describe('since and until', () => {
  const words = (path: string) => {
    const field = fieldAt(path);
    const members = field.shapes.flatMap((shape) => table.sets[shape.in] ?? []);
    return presenceInWords(presenceOf(table, members, field), table);
  };

  test('are told by kind', () => {
    expect(words('spec.completion')).toMatch(/^Agent since v0\.3\.5/);
    expect(words('metadata.name')).toMatch(/in all versions/);
    expect(words('hitl')).toMatch(/^Agent, Task, Workflow in v0\.3\.4 only/);
    expect(words('metadata.namespace')).toMatch(/Task, Workflow since v0\.3\.3/);
    expect(words('spec.identity.service_name')).toMatch(
      /v0\.3\.0 only \(refused by v0\.3\.1\)|until v0\.3\.0 \(refused by v0\.3\.1\)/,
    );
  });
});

describe('meanings', () => {
  test('are of fields there are', () => {
    const lost = Object.keys(meanings).filter((path) => {
      const found = findPath(root, stepsOf(path));
      return !found.ok || found.node.field.path !== path;
    });
    expect(lost).toEqual([]);
  });

  test('are sentences, and do not say what the schema says already', () => {
    for (const [path, { means, example }] of Object.entries(meanings)) {
      expect(means ?? example, path).toBeDefined();
      if (means === undefined) continue;
      expect(means, path).toMatch(/^[A-Z].*\.$/);
      expect(fieldAt(path).note, path).not.toBe(means);
    }
  });
});

describe('examples', () => {
  const newest = ['Agent', 'Task', 'Workflow'].map((kind) => ({
    ...{ kind, apiVersion: 'ossa/v0.4' },
    entry: table.entries.findIndex((one) => one.version === 'v0.4' && one.kind === kind),
  }));

  test.each(newest)('of $kind are right at their places', async ({ kind, apiVersion, entry }) => {
    const wrong: string[] = [];
    let tried = 0;
    for (const field of table.fields) {
      const found = findPath(root, stepsOf(field.path));
      const isThere = field.shapes.some((shape) => table.sets[shape.in]?.includes(entry));
      if (!found.ok || !isThere || ['apiVersion', 'kind'].includes(field.path)) continue;
      const example = exampleOf(root, found.node, [entry], table.sets);
      if (example === undefined) continue;
      tried += 1;
      const data = { apiVersion, kind, ...(placed(field.path, example) as object) };
      const { issues } = await checkStructure(data, 0);
      // What is missing around it is another matter; what is said about the place itself or what is in it is not.
      const place = field.path.replaceAll('[]', '[0]').replaceAll('.*', '.name');
      const about = issues.filter(({ path }) => `${renderPath(path)}.`.startsWith(`${place}.`));
      wrong.push(...about.map(({ message }) => `${field.path}: ${message}`));
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(100);
  });

  test('are none where nothing can be said', () => {
    expect(exampleOf(root, { fields: new Map() }, everything, table.sets)).toBeUndefined();
  });
});
